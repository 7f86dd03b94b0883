"""A folder of texts becomes a table of articles, and its words a table of tokens."""

from utils.corpus.articles import CORPUS, fingerprint, metadata_table, read_corpus
from utils.corpus.files import Mistake
from utils.corpus.furniture import line_table
from utils.corpus.languages import in_language, languages_of, left_out
from utils.corpus.tables import folder_of, read_side_table
from utils.corpus.tokens import sentence_table, tokenize
from utils.corpus.words import function_words, is_content, lemmatize, unify_variants
