package io.turnstream.projection.store;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.bson.Document;

/// Writes accepted events: a document holds all of one dialogue. Of each batch it makes one update a dialogue; events
/// up to the sequence that the document has already are left out.
public final class DialogueWriter implements EventWriter {

    private static final int REMEMBERED = 20_000;

    private final ProjectionStore store;
    private final ServedModels servedModels;

    /// Versions this writer has written or read, so that a running dialogue costs no look-up.
    private final Map<String, Long> versions = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    public DialogueWriter(ProjectionStore store) {
        this.store = store;
        this.servedModels = new ServedModels(store);
    }

    @Override
    public void forget() {
        versions.clear();
        servedModels.forget();
    }

    @Override
    public void write(List<Entry> entries) {
        Map<String, List<SpecificRecord>> byDialogue = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.event() != null) {
                byDialogue.computeIfAbsent(entry.key(), id -> new ArrayList<>()).add(entry.event());
            }
        }
        List<String> unknown = byDialogue.keySet().stream().filter(id -> !versions.containsKey(id)).toList();
        store.byIds(ProjectionStore.Part.DIALOGUES, unknown, "version")
                .forEach((id, document) -> versions.put(id, Fields.whole(document, "version")));
        List<WriteModel<Document>> writes = new ArrayList<>();
        Map<String, Long> next = new LinkedHashMap<>();
        byDialogue.forEach((id, events) -> {
            Document set = new Document();
            long version = versions.getOrDefault(id, -1L);
            for (SpecificRecord event : events) {
                long sequence = apply(event, version, set);
                version = Math.max(version, sequence);
            }
            if (!set.isEmpty()) {
                set.append("version", version);
                next.put(id, version);
                writes.add(new UpdateOneModel<>(Filters.eq("_id", id), new Document("$set", set),
                        new UpdateOptions().upsert(true)));
            }
        });
        store.write(ProjectionStore.Part.DIALOGUES, writes);
        servedModels.flush();
        versions.putAll(next);
    }

    /// @return the event's sequence, -1 for an event that is none of a dialogue
    private long apply(SpecificRecord event, long version, Document set) {
        switch (event) {
            case DialogueOpened opened when opened.getSequence() > version -> {
                set.append("subject", SubjectFields.of(opened.getPlan().getSubject()));
                set.append("openedAt", new java.util.Date(opened.getMeta().getOccurredAtMillis()));
                set.append(DialogueFields.PLAN, DialogueFields.plan(opened.getPlan()));
                return opened.getSequence();
            }
            case StepSettled settled when settled.getSequence() > version -> {
                subject(settled.getSubject(), set);
                set.append(DialogueFields.STEPS + '.' + settled.getStep().getName(), DialogueFields.step(settled));
                servedModels.saw(settled.getSubject().getRunId(), settled.getStep().getKind(), null,
                        settled.getAnswer());
                return settled.getSequence();
            }
            case JudgementSettled settled when settled.getSequence() > version -> {
                subject(settled.getSubject(), set);
                set.append(DialogueFields.JUDGEMENTS + '.' + settled.getJudgementSetId(),
                        DialogueFields.judgement(settled));
                servedModels.saw(settled.getSubject().getRunId(), StepKind.JUDGE, settled.getJudgementSetId(),
                        settled.getAnswer());
                return settled.getSequence();
            }
            case DialogueClosed closed when closed.getSequence() > version -> {
                subject(closed.getSubject(), set);
                set.append(DialogueFields.CLOSING, DialogueFields.closing(closed));
                return closed.getSequence();
            }
            default -> {
                return -1;
            }
        }
    }

    private static void subject(Subject subject, Document set) {
        set.append("subject", SubjectFields.of(subject));
    }
}
