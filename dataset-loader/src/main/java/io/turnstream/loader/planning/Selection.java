package io.turnstream.loader.planning;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.events.PlanBounds;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which part of a data set is planned.
///
/// @param splits those that are run, at least one
/// @param modalities those that are run, at least one
/// @param intents those that are run, at least one
/// @param firstRow first row of each split, 0-based, in file order, bad rows counted
/// @param rowLimit how many rows of each split from there; null for all
/// @param sampleIds only rows with these ids; empty for all
/// @param variants whether the multimodal dialogues are planned for each variant image, too
/// @param epochs how often each dialogue is run, 1 to [PlanBounds#MOST_EPOCHS]
public record Selection(
        Set<Split> splits,
        Set<Modality> modalities,
        Set<Intent> intents,
        long firstRow,
        @Nullable Long rowLimit,
        Set<Integer> sampleIds,
        boolean variants,
        int epochs) {

    /// Everything once, without variants.
    public static final Selection ALL = new Selection(
            EnumSet.allOf(Split.class), EnumSet.allOf(Modality.class), EnumSet.allOf(Intent.class), 0, null, Set.of(),
            false, 1);

    public Selection {
        splits = Set.copyOf(splits);
        modalities = Set.copyOf(modalities);
        intents = Set.copyOf(intents);
        sampleIds = Set.copyOf(sampleIds);
        if (splits.isEmpty() || modalities.isEmpty() || intents.isEmpty()) {
            throw new IllegalArgumentException("a selection names at least one split, modality and intent");
        }
        if (firstRow < 0) {
            throw new IllegalArgumentException("firstRow is " + firstRow + ", expected 0 or more");
        }
        if (rowLimit != null && rowLimit < 1) {
            throw new IllegalArgumentException("rowLimit is " + rowLimit + ", expected 1 or more");
        }
        if (epochs < 1 || epochs > PlanBounds.MOST_EPOCHS) {
            throw new IllegalArgumentException("epochs is " + epochs + ", expected 1 to " + PlanBounds.MOST_EPOCHS);
        }
    }

    /// Whether images are sent at all.
    public boolean sendsImages() {
        return modalities.contains(Modality.MULTIMODAL);
    }

    /// Whether variant images are sent.
    public boolean sendsVariants() {
        return variants && sendsImages();
    }

    /// Whether a row at this position of its split is within first row and limit.
    boolean covers(long position) {
        return position >= firstRow && !isPast(position);
    }

    /// Whether no row from this position of its split on is wanted.
    boolean isPast(long position) {
        return rowLimit != null && position >= firstRow + rowLimit;
    }
}
