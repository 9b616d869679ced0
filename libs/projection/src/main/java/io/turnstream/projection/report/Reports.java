package io.turnstream.projection.report;

import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.RejectedRow;
import io.turnstream.projection.document.ScoreCounts;
import io.turnstream.projection.document.ScoredStep;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What the command line, its JSON and the console show of runs. Reads only; thread-safe.
public interface Reports {

    /// Stands for the newest run wherever a run is expected.
    String LAST = "last";

    /// All runs, the newest first.
    List<RunSummary> runs();

    /// When a run came into its state. Cheaper than all runs, where one is watched.
    ///
    /// @param runId full id
    /// @return empty if it has none yet, or there is no such run
    default Optional<Instant> changedAt(String runId) {
        return runs().stream().filter(run -> run.id().equals(runId)).findFirst().map(RunSummary::changedAt);
    }

    /// The id of the run that a person means: its id, a prefix of it in upper or lower case, or `last`.
    ///
    /// @return empty if there is no such run
    /// @throws AmbiguousRunException if the prefix fits several runs
    Optional<String> runId(String idOrPrefixOrLast);

    /// The published report of a run, see `schemas/report.schema.json`.
    ///
    /// @return empty if there is no such run
    /// @throws AmbiguousRunException if the prefix fits several runs
    Optional<RunReport> run(String idOrPrefixOrLast);

    /// How far a run is. Cheap while it goes on: score rows are read only once it has ended, to see whether all have
    /// arrived.
    ///
    /// @param runId full id
    /// @return empty if there is no such run yet
    Optional<Progress> progress(String runId);

    /// The judgement sets that were asked for after a run, the first asked for first. Cheap: reads no score rows.
    ///
    /// @param runId full id
    /// @return empty if there are none, or no such run
    List<JudgementSetFacts> judgementSets(String runId);

    /// A run's score rows, ordered by id, one after the other.
    ///
    /// @param runId full id
    void rows(String runId, Consumer<ScoredStep> consumer);

    /// A run's dialogues, ordered by id, one after the other; they hold every prompt and answer.
    ///
    /// @param runId full id
    void dialogues(String runId, Consumer<Dialogue> consumer);

    /// Whether every planned dialogue has arrived closed. Reads all of them: ask once, before an export.
    ///
    /// @param runId full id
    boolean dialoguesSettled(String runId);

    /// A run's cells, ordered by id.
    ///
    /// @param runId full id
    List<ScoreCounts> cells(String runId);

    /// The rows of the data set that a run left out or ran with a warning, ordered by file and row.
    ///
    /// @param runId full id
    List<RejectedRow> rejections(String runId);
}
