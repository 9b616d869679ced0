package io.turnstream.standalone.cli;

import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveImport;
import io.turnstream.console.Platform;
import io.turnstream.console.Rebuilding;
import io.turnstream.importer.ImportOrder;
import io.turnstream.importer.ImportedRun;
import io.turnstream.messaging.DeadLetterDesk;
import io.turnstream.projection.report.Reports;
import io.turnstream.providers.Providers;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;

/// How commands reach a platform. The command line knows nothing of brokers and processes beyond this.
public interface Platforms {

    /// What a command does with runs that others carry out.
    enum Work {
        /// Calls models and judges.
        CALLS,
        /// Calls judges only: models under test are out of reach.
        JUDGE_CALLS,
        /// Changes runs, without calling anybody: no workers are started.
        NO_CALLS
    }

    /// How a platform was reached.
    enum Reach {
        /// It runs in this process and ends with it.
        OWN,
        /// It runs in another process on this machine.
        ATTACHED,
        /// It runs elsewhere.
        DEPLOYED
    }

    /// Which models and judges a platform of this process may call.
    ///
    /// @param models for models under test
    /// @param judges for judges
    /// @param simulator whether the simulator is started and answers as provider `sim`
    record Callees(Providers models, Providers judges, boolean simulator) {

        /// Nobody.
        public static Callees nobody() {
            Providers none = Providers.of(java.util.List.of());
            return new Callees(none, none, false);
        }
    }

    /// A platform in use.
    record Reached(Platform platform, Reach reach) {}

    /// Whether a platform runs at that place now.
    boolean isRunning(Place place);

    /// Reads, without starting anything that works or costs: from the platform that runs, or from what the home holds.
    <T> T read(Place place, Function<Reports, T> use);

    /// Uses the platform that runs at that place, or starts one in this process for as long as `use` takes.
    ///
    /// @return what `use` returned
    int use(Place place, Work work, Callees callees, ToIntFunction<Reached> use);

    /// Uses what rebuilds the projection of the platform that runs at that place, or of a home, which is opened without
    /// workers; a home whose document store is damaged, too.
    ///
    /// @return what `use` returned
    int rebuild(Place place, ToIntFunction<Rebuilding> use);

    /// Uses the dead letters of the platform that runs at that place, or of a home, of which only the log is opened.
    <T> T deadLetters(Place place, Function<DeadLetterDesk, T> use);

    /// Starts a platform in this process, without workers, that recorded runs can be brought into.
    ///
    /// @param use given the platform and what begins an import on it
    /// @return what `use` returned
    /// @throws UsageException if another platform runs at that place
    int bringIn(Place place, ToIntBiFunction<Reached, Function<ImportOrder, ImportedRun>> use);

    /// Opens the log itself for reading: that of the platform that runs on the home, or what the home holds, for which
    /// a broker is started and nothing else.
    ///
    /// @throws UsageException if the log cannot be reached from here
    <T> T log(Place place, Function<AuditLog, T> use);

    /// Copies the run of an archive into a home: through the platform that runs there, or one started for it, without
    /// workers.
    ///
    /// @param archive verified
    /// @param use given the platform, and what copies the run
    /// @return what `use` returned
    /// @throws UsageException if the place is a deployed platform
    int copyIn(Place place, Archive archive, ToIntBiFunction<Reached, Supplier<ArchiveImport.Result>> use);
}
