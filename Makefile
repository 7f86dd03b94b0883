# make report   the report, from nothing          make test   the tests, from nothing
# make report CORPUS="a folder, a ZIP, a table"   a report on other articles, in reports/
# make lab      JupyterLab in notebooks/          make docs   the README's figures, from the report
# make lint · make format · make benchmark · make constraints · make clean
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
OLD := "Python 3.11 or newer is needed: make PYTHON=python3.12"
NO_PIP := "This Python cannot set up an environment: apt install python3-venv, or make PYTHON=another one"
CAN_BE_USED := import importlib.util, sys; old = sys.version_info < (3, 11); \
  sys.exit(old and $(OLD) or not importlib.util.find_spec("ensurepip") and $(NO_PIP))

.PHONY: report docs test lab lint format benchmark constraints clean

report: .venv/ready
	$(BIN)/python -m utils.report $(if $(CORPUS),"$$CORPUS") $(ARGS)

docs: report
	for figure in docs/*.svg; do cp reports/data/*/$$(basename $$figure) $$figure || exit 1; done

test: .venv/ready-to-test
	$(BIN)/python -m pytest $(ARGS)

lab: .venv/ready
	$(BIN)/jupyter lab --notebook-dir=notebooks $(ARGS)

lint: .venv/ready-to-test
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: .venv/ready-to-test
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

benchmark: .venv/ready-to-test
	$(BIN)/python benchmarks/run.py $(ARGS)
	$(if $(ARGS),,$(BIN)/python benchmarks/report.py)

# The one list is requirements*.txt; this resolves it for every platform and Python from 3.11.
constraints: .venv/ready-to-test
	$(PIP) uv
	cat requirements.txt requirements-dev.txt | grep -v '^-' | $(BIN)/uv pip compile - --universal --upgrade \
	  --python-version 3.11 --no-annotate --no-header --no-emit-index-url --quiet --output-file constraints.txt

# A stamp is the target: where it is missing, the environment is half made and is made anew. It is
# taken away while anything is installed, so that an installation that is cut off counts as none.
.venv/ready: requirements.txt constraints.txt pyproject.toml
	@test -e $@ || $(PYTHON) -c '$(CAN_BE_USED)'
	test -e $@ || $(PYTHON) -m venv --clear .venv
	rm -f $@
	$(PIP) -r requirements.txt
	touch $@

.venv/ready-to-test: requirements-dev.txt .venv/ready
	rm -f $@ .venv/ready
	$(PIP) -r requirements-dev.txt || { touch .venv/ready; exit 1; }
	touch .venv/ready $@

clean:
	rm -rf .venv reports .benchmark
