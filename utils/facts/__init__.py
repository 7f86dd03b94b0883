"""What the articles say: dates, quantities, names, coded facts, claims, and oddities."""

from utils.facts.centres import compare_centres
from utils.facts.checks import (
    copy_table,
    count_checks,
    source_checks,
    with_and_without,
    without_copies,
    without_retold,
)
from utils.facts.claims import claim_table
from utils.facts.coders import (
    agreement_table,
    coder_table,
    disagreements,
    partly_coded,
    read_coders,
    settled_table,
)
from utils.facts.coding import (
    coded_as,
    first_coding,
    own_facts,
    read_codings,
    read_facts,
    settled_coding,
)
from utils.facts.dates import date_table
from utils.facts.labels import label_agreement, label_table, labelled_lines, read_labels
from utils.facts.names import body_table, mention_lines, mentions, read_aliases, renderings
from utils.facts.quantities import accuracy, precision_and_recall, quantity_table
from utils.facts.support import language_table, support_table
