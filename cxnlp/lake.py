"""The tables on disk: read and replace parts; the only file that knows Delta Lake.

Every write is one atomic commit that replaces a named part of a table: the rows of some keys, of one part, or
all. A write that lost a race is done again on a fresh table. Column statistics are kept for keys only, because
Delta's log would otherwise hold values of the text (and keep them after erasure).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from cxnlp.errors import LakeError
from cxnlp.tables import Table

GONE = "_gone"  # marks a row of the source of a merge that is to be deleted
NO_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


@dataclass(frozen=True)
class Lake:
    """A folder of Delta tables."""

    path: Path

    def read(
        self,
        table: Table,
        columns: Sequence[str] | None = None,
        where: Mapping[str, Sequence[str]] | None = None,
    ) -> pd.DataFrame:
        """Rows of a table in key order; an empty frame where the table was never written.

        :param columns: columns wanted; all where not given.
        :param where: column -> values wanted; rows that match in every named column.
        :raises LakeError: where the folder is there but cannot be read.
        """
        names = list(columns or table.names)
        extra = [name for name in table.key if name not in names]
        try:
            rows = self.dataset(table).to_table(columns=[*names, *extra], filter=_expression(where, table.partition))
        except OSError as error:
            raise self._unreadable(table, error) from error
        return _to_frame(rows, table).sort_values(list(table.key), ignore_index=True)[names]

    def dataset(self, table: Table) -> ds.Dataset:
        """The table as an Arrow dataset, for readers that scan (DuckDB) or stream."""
        found = self._open(table)
        if found is None:
            return ds.dataset(table.schema.empty_table())
        try:
            return found.to_pyarrow_dataset(schema=table.schema)  # a column the table lacks yet reads as nulls
        except (DeltaError, OSError) as error:
            raise self._unreadable(table, error) from error

    def batches(self, table: Table, rows: int) -> Iterator[pd.DataFrame]:
        """The table in frames of at most `rows` rows, in no particular order."""
        try:
            for batch in self.dataset(table).to_batches(batch_size=rows):
                if batch.num_rows:
                    yield _to_frame(pa.Table.from_batches([batch]), table)
        except OSError as error:
            raise self._unreadable(table, error) from error

    def upsert(self, table: Table, frame: pd.DataFrame) -> int:
        """Put rows in by key: a known key is replaced, a new one is added. Returns the rows written."""
        return self._merge(table, table.check(frame), frame.head(0))

    def replace_groups(self, table: Table, frame: pd.DataFrame, groups: pd.DataFrame) -> int:
        """Let `frame` be all the rows of the given groups.

        :param groups: one row per group; its columns are columns of the table (say item_id, label_version).
            A group without a row in `frame` ends up with none.
        """
        names = list(groups.columns)
        rows = table.check(frame)
        stored = self.read(table, [*table.key, *(n for n in names if n not in table.key)], _values(groups))
        stored = stored.merge(groups.drop_duplicates(), on=names)
        kept = stored.merge(rows[list(table.key)], on=list(table.key), how="left", indicator=True)
        return self._merge(table, rows, kept.loc[kept["_merge"] == "left_only", list(table.key)])

    def replace_all(self, table: Table, frame: pd.DataFrame) -> int:
        """Let `frame` be the whole table; nothing is written where the table says the same already."""
        rows = table.check(frame).sort_values(list(table.key), ignore_index=True)
        if self._open(table) is not None and content_hash(self.read(table)) == content_hash(rows):
            return 0
        self._commit(table, lambda: self._overwrite(table, rows))
        return len(rows)

    def delete(self, table: Table, keys: pd.DataFrame) -> int:
        """Remove the rows of these keys."""
        stored = self.read(table, [*table.key, *(name for name in table.partition if name not in table.key)])
        return self._merge(table, table.empty(), stored.merge(keys[list(table.key)].drop_duplicates()))

    def maintain(self, keep: timedelta = timedelta(days=7)) -> dict[str, int]:
        """Compact small files and remove files that no version younger than `keep` needs.

        :returns: table name -> files removed.
        """
        removed = {}
        for folder in sorted(p for p in self.path.iterdir() if (p / "_delta_log").is_dir()):
            table = DeltaTable(folder)
            if len(table.file_uris()) > 1:
                table.optimize.compact()
            hours = int(keep.total_seconds() // 3600)
            removed[folder.name] = len(
                table.vacuum(retention_hours=hours, dry_run=False, enforce_retention_duration=False)
            )
            table.create_checkpoint()
        return removed

    def forget_versions(self, tables: Sequence[Table]) -> None:
        """Leave only the newest version of each table: no older file, and no log entry that tells of one.

        A log of Delta keeps what a commit said (its predicate, smallest and largest keys) until it is cut.
        """
        for table in tables:
            stored = self._open(table)
            if stored is None:
                continue
            stored.alter.set_table_properties({"delta.logRetentionDuration": "interval 0 seconds"})
            stored.optimize.compact()
            stored.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True)
            stored.create_checkpoint()
            stored.cleanup_metadata()

    def version(self, table: Table) -> int:
        """Number of the last commit; -1 where the table was never written."""
        found = self._open(table)
        return -1 if found is None else found.version()

    def _open(self, table: Table) -> DeltaTable | None:
        try:
            return DeltaTable(self.path / table.name)
        except TableNotFoundError:
            return None
        except (DeltaError, OSError) as error:
            raise self._unreadable(table, error) from error

    def _unreadable(self, table: Table, error: Exception) -> LakeError:
        return LakeError(
            f"{self.path / table.name}: cannot be read: {' '.join(str(error).split())[:300]}; restore the folder "
            "from a backup, or delete it to have the next run build it anew"
        )

    def _merge(self, table: Table, rows: pd.DataFrame, gone: pd.DataFrame) -> int:
        if rows.empty and gone.empty:
            if self._open(table) is None:
                self._commit(table, lambda: self._overwrite(table, rows))
            return 0
        if self._open(table) is None:
            self._commit(table, lambda: self._overwrite(table, rows))
        else:
            self._commit(table, lambda: self._put(table, rows, gone))
        return len(rows)

    def _put(self, table: Table, rows: pd.DataFrame, gone: pd.DataFrame) -> None:
        """Append where every key is new, for a merge reads the whole table; a commit in between fails either way."""
        stored = DeltaTable(self.path / table.name)
        _add_new_columns(stored, table)
        if gone.empty and not _holds_any(stored, table, rows):
            write_deltalake(
                stored,
                _to_arrow(rows, table),
                mode="append",
                commit_properties=CommitProperties(max_commit_retries=0),
                post_commithook_properties=NO_HOOKS,
            )
        else:
            self._execute_merge(stored, table, rows, gone)

    def _execute_merge(self, stored: DeltaTable, table: Table, rows: pd.DataFrame, gone: pd.DataFrame) -> None:
        source = _merge_source(table, rows, gone)
        same_key = " AND ".join(f"t.{name} = s.{name}" for name in table.key)
        parts = [_partition_predicate(source, name) for name in table.partition]
        (
            stored.merge(
                source,
                predicate=" AND ".join([same_key, *parts]),
                source_alias="s",
                target_alias="t",
                post_commithook_properties=NO_HOOKS,
                commit_properties=CommitProperties(max_commit_retries=0),
            )
            .when_matched_delete(predicate=f"s.{GONE}")
            .when_matched_update({name: f"s.{name}" for name in table.names})
            .when_not_matched_insert({name: f"s.{name}" for name in table.names}, predicate=f"NOT s.{GONE}")
            .execute()
        )

    def _overwrite(self, table: Table, rows: pd.DataFrame) -> None:
        write_deltalake(
            self.path / table.name,
            _to_arrow(rows, table),
            mode="overwrite",
            schema_mode="overwrite",
            partition_by=list(table.partition) or None,
            name=table.name,
            description=table.grain,
            configuration={"delta.dataSkippingStatsColumns": ",".join(table.key)},
            post_commithook_properties=NO_HOOKS,
        )

    def _commit(self, table: Table, write: Callable[[], None]) -> None:
        """Run one atomic write; again, from a fresh table, where another commit came between."""
        try:
            for attempt in Retrying(
                retry=retry_if_exception_type(CommitFailedError),
                stop=stop_after_attempt(8),
                wait=wait_random_exponential(multiplier=0.05, max=2),
                reraise=True,
            ):
                with attempt:
                    write()
        except CommitFailedError as error:
            raise LakeError(f"{self.path / table.name}: another writer kept winning; run again") from error
        except (DeltaError, OSError) as error:
            raise LakeError(
                f"{self.path / table.name}: cannot be written: {' '.join(str(error).split())[:300]}; "
                "is the folder writable and the disk not full?"
            ) from error


def content_hash(frame: pd.DataFrame) -> str:
    """SHA-256 of a frame's rows, whatever their order; equal for equal contents."""
    ordered = frame.sort_values(list(frame.columns), ignore_index=True) if len(frame) else frame
    return sha256(ordered.to_json(orient="values", date_format="iso", date_unit="us").encode()).hexdigest()


def _expression(where: Mapping[str, Sequence[str]] | None, partition: Sequence[str]) -> ds.Expression | None:
    """A filter; key columns are cast, because Arrow cannot compare strings with the string views that deltalake 1.6
    writes as statistics of merged files ("no kernel matching input types"). Partitions are still pruned."""
    expression = None
    for name, values in (where or {}).items():
        if name in partition:
            part = ds.field(name).isin(pa.array(list(values), pa.string()))
        else:
            part = ds.field(name).cast(pa.large_string()).isin(pa.array(list(values), pa.large_string()))
        expression = part if expression is None else expression & part
    return expression


def _holds_any(stored: DeltaTable, table: Table, rows: pd.DataFrame) -> bool:
    """Whether the table has a row with the key of one of these."""
    named = [*table.partition, table.key[0]]
    where = {name: rows[name].unique().tolist() for name in named if rows[name].dtype == "str"}
    keys = list(table.key)
    found = stored.to_pyarrow_dataset().to_table(columns=keys, filter=_expression(where, table.partition))
    known = set(zip(*(found[name].to_pylist() for name in keys), strict=True))
    return not known.isdisjoint(rows[keys].itertuples(index=False, name=None))


def _values(groups: pd.DataFrame) -> dict[str, list[str]]:
    return {str(name): groups[name].unique().tolist() for name in groups.columns}


def _to_frame(rows: pa.Table, table: Table) -> pd.DataFrame:
    frame = rows.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}.get)
    dtypes = {column.name: column.dtype for column in table.columns}
    return frame.astype({name: dtypes[name] for name in frame.columns})


def _add_new_columns(stored: DeltaTable, table: Table) -> None:
    """Let a table written by an earlier version take the columns that were declared since."""
    known = {field.name for field in stored.schema().fields}
    added = pa.schema([field for field in table.schema if field.name not in known])
    if len(added):
        stored.alter.add_columns(list(Schema.from_arrow(added).fields))


def _to_arrow(frame: pd.DataFrame, table: Table) -> pa.Table:
    return pa.Table.from_pandas(frame[table.names], schema=table.schema, preserve_index=False)


def _merge_source(table: Table, rows: pd.DataFrame, gone: pd.DataFrame) -> pa.Table:
    """Rows to put in, and keys to remove (all other columns null), told apart by the column `GONE`."""
    schema = pa.schema([*(field.with_nullable(True) for field in table.schema), pa.field(GONE, pa.bool_())])
    named = [name for name in gone.columns if name in (*table.key, *table.partition)]
    keys = gone[named].drop_duplicates()
    put = _to_arrow(rows, table).append_column(GONE, pa.array([False] * len(rows), pa.bool_()))
    columns = [
        pa.array(keys[field.name], field.type) if field.name in keys else pa.nulls(len(keys), field.type)
        for field in table.schema
    ]
    removed = pa.table([*columns, pa.array([True] * len(keys), pa.bool_())], schema=schema)
    return pa.concat_tables([put.cast(schema), removed])


def _partition_predicate(source: pa.Table, name: str) -> str:
    """Restricts a merge to the partitions it touches; names come from the pipeline file, quoted all the same."""
    values = ", ".join("'" + str(value).replace("'", "''") + "'" for value in source[name].unique().to_pylist())
    return f"t.{name} = s.{name} AND t.{name} IN ({values})"
