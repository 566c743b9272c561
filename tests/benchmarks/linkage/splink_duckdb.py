"""Splink: a probabilistic model on DuckDB, trained without labels. python -m ... FOLDER NAME NAMES, in the benchmark's own environment."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from tests.benchmarks.linkage.measure import timed

LEAST_WEIGHT = -10.0  # match weight (log2 of the odds) below which a pair is not written
UNPROBABLE_RECALL = 0.3  # of the exact rule below: most employers do not sign exactly as their institution is listed

# Each spelling and each name of an institution is a record; punctuation and case are levelled.
RECORDS = """
create table {table} as select row_number() over (order by who, state, city, tax4, name) as unique_id, * from (
    select distinct {key} as who, state, upper(city) as city, tax_id_last4 as tax4,
        trim(regexp_replace(upper({name}), '[^A-Z0-9]+', ' ', 'g')) as name
    from '{path}' where state is not null and {name} <> '')
"""
ANSWER = """
copy (select l.who as employer, l.tax4 as tax_id_last4, l.state, l.city, r.who as institution_id,
        max(match_weight) as score
      from {predicted} p join petitioner_names l on l.unique_id = p.unique_id_l
      join institution_names r on r.unique_id = p.unique_id_r
      group by l.who, l.tax4, l.state, l.city, r.who
      qualify rank() over (partition by l.who, l.tax4, l.state, l.city order by max(match_weight) desc) = 1
      order by all) to '{path}'
"""


def main(folder: Path, name: str, names_of_institutions: str) -> None:
    """Write <name>.parquet: employer, tax_id_last4, state, city, institution_id, score (match weight): the best of each spelling."""
    logging.getLogger("splink").setLevel(logging.WARNING)

    def work() -> int:
        connection = duckdb.connect()
        for table, key, column, file in (
            ("petitioner_names", "employer", "employer", "petitions_1x"),
            ("institution_names", "institution_id", "name", names_of_institutions),
        ):
            path = folder / f"{file}.parquet"
            connection.execute(RECORDS.format(table=table, key=key, name=column, path=path))
        linker = _trained(connection)
        predicted = linker.inference.predict(threshold_match_weight=LEAST_WEIGHT)
        target = folder / f"{name}.parquet"
        connection.execute(ANSWER.format(predicted=predicted.physical_name, path=target))
        pairs = connection.execute("select count(*) from petitioner_names join institution_names using (state)")
        return pairs.fetchall()[0][0]

    timed(work, name, folder)


def _trained(connection: duckdb.DuckDBPyConnection) -> Linker:
    database = DuckDBAPI(connection)
    records = [
        database.register("petitioner_names", dataset_display_name="a_petitioners"),
        database.register("institution_names", dataset_display_name="b_institutions"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[block_on("state")],
        comparisons=[
            comparisons.CustomComparison(
                output_column_name="name",
                comparison_levels=[
                    levels.NullLevel("name"),
                    levels.ExactMatchLevel("name", term_frequency_adjustments=True),
                    levels.CustomLevel("length(name_l) >= 30 and starts_with(name_r, name_l)", "the beginning of it"),
                    levels.JaroWinklerLevel("name", 0.96),
                    levels.JaroWinklerLevel("name", 0.92),
                    levels.JaroWinklerLevel("name", 0.88),
                    levels.JaroWinklerLevel("name", 0.8),
                    levels.ElseLevel(),
                ],
            ),
            comparisons.ExactMatch("city").configure(term_frequency_adjustments=True),
            comparisons.ExactMatch("tax4"),
        ],
        retain_matching_columns=False,
    )
    linker = Linker(records, settings)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("name", "state")], recall=UNPROBABLE_RECALL)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("name", "state"))
    training.estimate_parameters_using_expectation_maximisation(block_on("tax4", "state"))
    return linker


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
