package io.turnstream.loader;

import static io.turnstream.loader.DatasetFixture.dialogue;
import static io.turnstream.loader.DatasetFixture.row;
import static io.turnstream.loader.DatasetFixture.write;
import static io.turnstream.loader.DatasetFixture.writePng;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.PlannedCell;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.StepKind;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.providers.images.ImageStore;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The loader on a real broker.
class DatasetLoaderIT {

    @TempDir
    private Path dir;

    private LoaderFixture platform;
    private LoaderFixture.RunningLoader loader;

    @BeforeEach
    void start() throws Exception {
        writePng(dir.resolve("data/images/0.png"), 40, 30, Color.RED);
        Files.writeString(dir.resolve("data/captions.json"), "{\"0\": \"A red field.\", \"1\": \"The same.\"}");
        write(dir.resolve("data/type_a.jsonl"), row(0, "images/0.png"), row(1, "images/0.png"));
        platform = new LoaderFixture(dir.resolve("store"));
        platform.publishPack();
        loader = platform.loader();
    }

    @AfterEach
    void stop() {
        loader.close();
        platform.close();
    }

    @Test
    void aRequestBecomesDialoguesAndThenAPlan() {
        loader.start();

        RunRequested requested = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest());

        RunPlanned planned = platform.await(RunPlanned.class, requested.getRunId());
        List<DialoguePlanned> dialogues = platform.all(Topics.DIALOGUES, DialoguePlanned.class, requested.getRunId());
        assertThat(planned.getDialogues()).isEqualTo(8);
        assertThat(planned.getRows()).isEqualTo(2);
        assertThat(planned.getImagesPrepared()).isEqualTo(1);
        assertThat(planned.getImagesReused()).isEqualTo(1);
        assertThat(planned.getCells()).filteredOn(cell -> cell.getKind() == StepKind.TURN)
                .extracting(PlannedCell::getCount).containsOnly(6L);
        assertThat(dialogues).extracting(event -> event.getPlan().getOrdinal())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 8).boxed().toList());
        assertThat(dialogues).allSatisfy(event -> {
            assertThat(event.getMeta().getCauseId()).isEqualTo(requested.getMeta().getEventId());
            assertThat(event.getMeta().getCauseDigest()).isEqualTo(EventDigests.of(requested));
            assertThat(event.getPlan().getJudgementSetId()).isEqualTo(planned.getJudgementSetId()).startsWith("js-");
        });
        DialoguePlan first = dialogues.stream().map(DialoguePlanned::getPlan)
                .filter(plan -> plan.getOrdinal() == 0).findFirst().orElseThrow();
        assertThat(first.getSubject().getDialogueId())
                .isEqualTo(requested.getRunId() + "/type_a/0/multimodal/unsafe/v0/e1");
        assertThat(first.getUserTurns()).extracting(Texts::plain)
                .containsExactly("multimodal one 0", "multimodal two 0", "multimodal bad three 0");
        assertThat(Texts.plain(first.getCaption())).isEqualTo("A red field.");
        assertThat(first.getQuestions()).extracting(question -> question.getStep().getName())
                .containsExactly("mcq-0", "mcq-2", "tf-0", "tf-1");
        assertThat(new ImageStore(dir.resolve("store")).get(first.getImageSha256())).isNotEmpty();
        assertThat(first.getImageMediaType()).isEqualTo("image/jpeg");
    }

    @Test
    void theTraceOfTheRequestGoesOn() {
        loader.start();

        RunRequested requested = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest());
        platform.await(RunPlanned.class, requested.getRunId());

        String trace = EventHeaders
                .traceparent(platform.records(Topics.RUNS, requested.getRunId()).getFirst().headers());
        assertThat(platform.records(Topics.DIALOGUES, requested.getRunId()))
                .allSatisfy(record -> assertThat(EventHeaders.traceparent(record.headers()))
                        .startsWith(trace.substring(0, 35)));
    }

    @Test
    void aBadRowIsSaidAndTheOthersArePlanned() {
        breakFirstRow();
        loader.start();

        RunRequested requested = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest());

        RunPlanned planned = platform.await(RunPlanned.class, requested.getRunId());
        assertThat(planned.getRejectedRows()).isEqualTo(1);
        assertThat(planned.getDialogues()).isEqualTo(4);
        assertThat(platform.all(Topics.RUNS, RowRejected.class, requested.getRunId())).singleElement()
                .satisfies(rejected -> {
                    assertThat(rejected.getRowId()).isZero();
                    assertThat(rejected.getField()).isEqualTo("multimodal_dialogue.r2");
                    assertThat(rejected.getWarning()).isFalse();
                });
    }

    @Test
    void whereABadRowEndsTheRunNoDialogueIsStreamed() {
        breakFirstRow();
        loader.start();

        RunRequested requested = platform.request(dir.resolve("data"), true, LoaderFixture.PACK.digest());

        PlanningFailed failed = platform.await(PlanningFailed.class, requested.getRunId());
        assertThat(failed.getWhere()).isEqualTo("type_a.jsonl, row 0 (id 0), multimodal_dialogue.r2");
        assertThat(platform.all(Topics.DIALOGUES, DialoguePlanned.class, requested.getRunId())).isEmpty();
        assertThat(platform.all(Topics.RUNS, RunPlanned.class, requested.getRunId())).isEmpty();
        assertThat(platform.all(Topics.RUNS, RowRejected.class, requested.getRunId())).hasSize(1);
    }

    @Test
    void aDataSetThatIsNotThereEndsTheRunAndTheNextRunIsPlanned() {
        loader.start();

        RunRequested nowhere = platform.request(dir.resolve("nowhere"), false, LoaderFixture.PACK.digest());
        RunRequested good = platform.request(dir.resolve("data"), true, LoaderFixture.PACK.digest());

        PlanningFailed failed = platform.await(PlanningFailed.class, nowhere.getRunId());
        assertThat(failed.getWhere()).endsWith("nowhere");
        assertThat(failed.getRemedy()).contains("--dataset");
        assertThat(platform.await(RunPlanned.class, good.getRunId()).getDialogues()).isEqualTo(8);
    }

    @Test
    void aDataSetThatIsNotTheOneThatWasStatedEndsItsRun() {
        loader.start();
        RunRequested any = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest());
        String digest = platform.await(RunPlanned.class, any.getRunId()).getDatasetDigest();

        RunRequested other = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest(),
                stating("0".repeat(64)));
        RunRequested same = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest(), stating(digest));

        assertThat(platform.await(PlanningFailed.class, other.getRunId()).getProblem())
                .isEqualTo("the data set is not the one that is expected: its digest is " + digest + ", not "
                        + "0".repeat(64));
        assertThat(platform.await(RunPlanned.class, same.getRunId()).getDatasetDigest()).isEqualTo(digest);
        assertThat(platform.all(Topics.RUNS, RunPlanned.class, other.getRunId())).isEmpty();
    }

    private static String stating(String datasetDigest) {
        return "version: 1\ndataset:\n  digest: " + datasetDigest + "\n";
    }

    @Test
    void aRunWhosePackWasNeverPublishedFails() {
        loader.start();

        RunRequested requested = platform.request(dir.resolve("data"), false, "f".repeat(64));

        assertThat(platform.await(PlanningFailed.class, requested.getRunId()).getWhere()).contains("f".repeat(64));
    }

    @Test
    void aRunThatWasCancelledBeforeItIsPlannedEndsWithAnEmptyPlan() {
        RunRequested requested = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest());
        platform.cancel(requested.getRunId());

        loader.start();

        assertThat(platform.await(RunPlanned.class, requested.getRunId()).getDialogues()).isZero();
        assertThat(platform.all(Topics.DIALOGUES, DialoguePlanned.class, requested.getRunId())).isEmpty();
    }

    @Test
    void theNextLoaderLeavesPlannedRunsAlone() {
        loader.start();
        RunRequested first = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest());
        platform.await(RunPlanned.class, first.getRunId());
        loader.close();

        loader = platform.loader();
        loader.start();
        RunRequested second = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest());
        platform.await(RunPlanned.class, second.getRunId());

        assertThat(platform.all(Topics.RUNS, RunPlanned.class, first.getRunId())).hasSize(1);
        assertThat(platform.all(Topics.DIALOGUES, DialoguePlanned.class, first.getRunId())).hasSize(8);
        assertThat(loader.isAlive()).isTrue();
        assertThat(loader.isReady()).isTrue();
    }

    @Test
    void aRunWhoseLoaderDiesWhilePlanningIsPlannedByTheNext() throws Exception {
        loader.close();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        loader = platform.loader(digest -> {
            begun.countDown();
            never.await();
            return Optional.empty();
        });
        loader.start();
        RunRequested requested = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest());
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        loader.close();

        loader = platform.loader();
        loader.start();

        assertThat(platform.await(RunPlanned.class, requested.getRunId()).getDialogues()).isEqualTo(8);
        assertThat(platform.all(Topics.RUNS, PlanningFailed.class, requested.getRunId())).isEmpty();
    }

    @Test
    void planningThatFailsForAnotherReasonThanTheDataSetIsRepeatedAndThenGivenUp() {
        loader.close();
        AtomicInteger attempts = new AtomicInteger();
        loader = platform.loader(digest -> {
            attempts.incrementAndGet();
            throw new IllegalStateException("the disk is full");
        });
        loader.start();

        RunRequested requested = platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest());

        assertThat(platform.await(PlanningFailed.class, requested.getRunId()).getProblem()).contains("3 times");
        assertThat(attempts).hasValue(3);
        assertThat(loader.isAlive()).isTrue();
    }

    private void breakFirstRow() {
        ObjectNode bad = row(0, "images/0.png");
        dialogue(bad, "multimodal").put("r2", "");
        write(dir.resolve("data/type_a.jsonl"), bad, row(1, "images/0.png"));
    }
}
