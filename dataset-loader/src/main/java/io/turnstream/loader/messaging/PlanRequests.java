package io.turnstream.loader.messaging;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.contracts.RunRequested;
import io.turnstream.loader.planning.PlanRequest;
import io.turnstream.loader.planning.Selection;
import io.turnstream.loader.reading.UnusableDatasetException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads from a request for a run what is to be planned.
public final class PlanRequests {

    private PlanRequests() {}

    /// What is to be planned.
    ///
    /// @throws UnusableDatasetException if the request asks for something that this code does not know
    public static PlanRequest of(RunRequested requested, ImageSettings images) {
        return new PlanRequest(requested.getDataset().stream().map(Path::of).toList(), path(requested.getCaptions()),
                path(requested.getCategories()), selection(requested.getSelection()), images,
                requested.getJudge() != null);
    }

    private static Selection selection(io.turnstream.contracts.Selection wanted) {
        try {
            return new Selection(
                    known(wanted.getSplits(), Split.class),
                    known(wanted.getModalities(), Modality.class),
                    known(wanted.getIntents(), Intent.class),
                    wanted.getFirstRow(),
                    wanted.getRowLimit() == null ? null : wanted.getRowLimit().longValue(),
                    Set.copyOf(wanted.getSampleIds()),
                    wanted.getVariants(),
                    wanted.getEpochs());
        } catch (IllegalArgumentException e) {
            throw new UnusableDatasetException("the selection cannot be used: " + e.getMessage(),
                    "--split, --modality, --limit, --epochs", "correct the selection");
        }
    }

    /// Empty means all; a constant that only newer code knows is an error, not everything.
    private static <E extends Enum<E>> Set<E> known(List<? extends Enum<?>> wanted, Class<E> type) {
        EnumSet<E> constants = wanted.isEmpty() ? EnumSet.allOf(type) : EnumSet.noneOf(type);
        wanted.forEach(constant -> constants.add(Enum.valueOf(type, constant.name())));
        return constants;
    }

    private static @Nullable Path path(@Nullable String path) {
        return path == null ? null : Path.of(path);
    }
}
