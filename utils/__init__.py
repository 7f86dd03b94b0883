"""A corpus study in notebooks: folder of articles -> tables -> figures -> report.

Modules import only from their left::

    reading > furniture > corpus > tokens > words > measures > resampling > frequency > query
            > concordance > collocation > keywords > themes > topics > dates > checks > quantities
            > quotations > claims > comparison > centres > figures > headlines > show > report

``read_corpus`` keeps each text as collected; ``label_lines`` says which lines are the article;
``tokenize`` makes one table of tokens whose offsets point into the file; every other table is
counted from that one, and every figure is drawn from a table.
"""
