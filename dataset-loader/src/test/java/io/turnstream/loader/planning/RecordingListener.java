package io.turnstream.loader.planning;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.loader.reading.RowRejection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps what it is told; cancels after a number of dialogues.
final class RecordingListener implements PlanListener {

    private final List<PlannedDialogue> dialogues = new ArrayList<>();
    private final List<RowRejection> rejections = new ArrayList<>();
    private final int cancelAfter;

    RecordingListener() {
        this(Integer.MAX_VALUE);
    }

    RecordingListener(int cancelAfter) {
        this.cancelAfter = cancelAfter;
    }

    List<PlannedDialogue> dialogues() {
        return dialogues;
    }

    List<RowRejection> rejections() {
        return rejections;
    }

    @Override
    public void begun(@Nullable String digest) {
        assertThat(dialogues).isEmpty();
    }

    @Override
    public void planned(PlannedDialogue dialogue) {
        dialogues.add(dialogue);
    }

    @Override
    public void rejected(RowRejection rejection) {
        rejections.add(rejection);
    }

    @Override
    public boolean isCancelled() {
        return dialogues.size() >= cancelAfter;
    }
}
