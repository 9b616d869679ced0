package io.turnstream.providers.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunFaultReported;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.Subject;
import io.turnstream.contracts.Usage;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Ids;
import io.turnstream.events.RecordedProvider;
import io.turnstream.events.Texts;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.work.RequestDesk.Handled;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestDeskTest {

    private static final long ASKED_AT = 1_700_000_000_000L;
    private static final long NOW = ASKED_AT + 1_000;
    private static final ProtocolPack PACK = ProtocolPack.bundled(ProtocolPack.DEFAULT);
    static final AskJudge REQUEST = request();

    private final List<SpecificRecord> written = new ArrayList<>();
    private final List<RecordMetadata> answered = new ArrayList<>();
    private final List<WorkSession> worked = new ArrayList<>();
    private @Nullable RunControl control;
    private Optional<ProtocolPack> pack = Optional.of(PACK);
    private boolean unreadablePack;
    private boolean revoked;
    private @Nullable Error thrown;
    private Conclusion conclusion = new Conclusion.Answered(REQUEST);

    @Test
    void writesTheAnswerAndIsDone() throws InterruptedException {
        assertThat(handle()).isEqualTo(Handled.DONE);
        assertThat(written).containsExactly(REQUEST);
        assertThat(answered).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "PLANNING", "RUNNING", "COMPLETED", "INCOMPLETE"})
    void goesOnWhateverTheRunIsCalledUnlessSomebodyStoppedIt(RunState state) throws InterruptedException {
        control = control(state, NOW);

        assertThat(handle()).isEqualTo(Handled.DONE);
        assertThat(worked).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"PAUSED", "HALTED"})
    void handsBackRequestsOfAStoppedRun(RunState state) throws InterruptedException {
        control = control(state, NOW);

        assertThat(handle()).isEqualTo(Handled.DONE);
        assertThat(worked).isEmpty();
        RequestDeferred deferred = (RequestDeferred) written.getFirst();
        assertThat(deferred.getReason()).isEqualTo(DeferralReason.PAUSED);
        assertThat(deferred.getRequestId()).isEqualTo(REQUEST.getRequestId());
        assertThat(deferred.getStep().getKind()).isEqualTo(StepKind.JUDGE);
        assertThat(deferred.getNotBeforeMillis()).isEqualTo(NOW);
        // The dispatcher takes a deferral for the sending that it names, and for no other.
        assertThat(deferred.getMeta().getCauseId()).isEqualTo(REQUEST.getMeta().getEventId());
        assertThat(deferred.getMeta().getCauseDigest()).isEqualTo(EventDigests.of(REQUEST));
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCELLED", "FAILED"})
    void dropsRequestsThatTheEndOfTheirRunClosed(RunState state) throws InterruptedException {
        control = control(state, ASKED_AT);

        assertThat(handle()).isEqualTo(Handled.DONE);
        assertThat(written).isEmpty();
        assertThat(worked).isEmpty();
    }

    @Test
    void leavesRequestsToARecordedModelAloneAndIsDone() throws InterruptedException {
        // Given
        AskJudge recorded = request();
        recorded.setTarget(new ModelTarget(RecordedProvider.NAME, "anybody"));

        // Then nothing is asked and nothing is written, and Kafka does not deliver it again
        assertThat(handle(recorded)).isEqualTo(Handled.DONE);
        assertThat(worked).isEmpty();
        assertThat(written).isEmpty();
    }

    @Test
    void handsBackARequestThatIsNewerThanTheEndOfItsRun() throws InterruptedException {
        // Given a run that was cancelled and retried, of which this worker has heard only the cancellation
        control = control(RunState.CANCELLED, ASKED_AT - 1);

        // When
        handle();

        // Then
        assertThat(written).hasSize(1).first().isInstanceOf(RequestDeferred.class);
    }

    @Test
    void handsBackARequestWhosePackDoesNotArrive() throws InterruptedException {
        pack = Optional.empty();

        assertThat(handle()).isEqualTo(Handled.DONE);
        RequestDeferred deferred = (RequestDeferred) written.getFirst();
        assertThat(deferred.getDetail()).contains(PACK.digest());
        assertThat(deferred.getNotBeforeMillis()).isGreaterThan(NOW);
    }

    @Test
    void leavesARevokedRequestToTheNextOwner() throws InterruptedException {
        revoked = true;

        assertThat(handle()).isEqualTo(Handled.LEFT);
        assertThat(written).isEmpty();
        assertThat(worked).isEmpty();
    }

    @Test
    void writesWhyAndUntilWhenARequestIsHandedBack() throws InterruptedException {
        conclusion = new Unanswered.HandedBack(DeferralReason.AUTHENTICATION, "openai refuses the key", NOW + 30_000,
                Paid.NOTHING,
                "Incorrect key");

        assertThat(handle()).isEqualTo(Handled.DONE);
        RequestDeferred deferred = (RequestDeferred) written.getFirst();
        assertThat(deferred.getReason()).isEqualTo(DeferralReason.AUTHENTICATION);
        assertThat(deferred.getDetail()).isEqualTo("openai refuses the key");
        assertThat(Texts.plain(deferred.getProviderMessage())).isEqualTo("Incorrect key");
        assertThat(deferred.getNotBeforeMillis()).isEqualTo(NOW + 30_000);
    }

    @Test
    void tellsWhatWasPaidHoweverARequestEndsUnanswered() throws InterruptedException {
        Paid paid = new Paid(new Usage(10L, 5L, 0L), 70L);
        for (Unanswered unanswered : List.of(new Unanswered.HandedBack(DeferralReason.QUOTA, "none left", NOW, paid),
                new Unanswered.Dropped(paid),
                new Unanswered.Left(paid))) {
            written.clear();
            conclusion = unanswered;

            assertThat(handle()).as("%s", unanswered).isEqualTo(Handled.DONE);
            assertThat(written).singleElement().isInstanceOfSatisfying(RequestDeferred.class, deferred -> {
                assertThat(deferred.getUsage()).isEqualTo(paid.usage());
                assertThat(deferred.getCostNanoUsd()).isEqualTo(70L);
                assertThat(deferred.getMeta().getCauseId()).isEqualTo(REQUEST.getMeta().getEventId());
            });
        }
    }

    @Test
    void asksBeforeEachCallWhetherItMayBegin() throws InterruptedException {
        handle();
        WorkSession session = worked.getFirst();
        Prompt prompt = new Prompt("run", REQUEST.getTarget(), REQUEST.getParameters(), REQUEST.getLimits(),
                PACK.trueFalse(io.turnstream.benchmark.Modality.UNIMODAL, List.of(), "Tea."), null, null, 0,
                "--judge-max-tokens", "id");

        control = control(RunState.PAUSED, NOW);
        assertThat(session.call(prompt)).isInstanceOf(Unanswered.HandedBack.class);
        control = control(RunState.CANCELLED, NOW);
        assertThat(session.call(prompt)).isInstanceOf(Unanswered.Dropped.class);
        revoked = true;
        assertThat(session.call(prompt)).isInstanceOf(Unanswered.Left.class);
    }

    @Test
    void answersWithAFailureWhereTheWorkItselfFails() throws InterruptedException {
        conclusion = null;

        assertThat(handle()).isEqualTo(Handled.DONE);
        assertThat(written).hasSize(1);
    }

    @Test
    void answersWithAFailureWhateverErrorTheWorkEndsIn() throws InterruptedException {
        for (Error error : List.of(new StackOverflowError(), new AssertionError("broken"))) {
            written.clear();
            thrown = error;

            assertThat(handle()).as("%s", error).isEqualTo(Handled.DONE);
            assertThat(written).hasSize(1);
        }
    }

    @Test
    void answers_with_a_failure_where_the_pack_cannot_be_read() throws InterruptedException {
        unreadablePack = true;

        assertThat(handle()).isEqualTo(Handled.DONE);
        assertThat(written).hasSize(1);
        assertThat(worked).isEmpty();
    }

    @Test
    void answersWithAFailureAndEndsWithWhatIsFatal() {
        for (Error fatal : List.of(new OutOfMemoryError(), new NoClassDefFoundError())) {
            written.clear();
            thrown = fatal;

            assertThatThrownBy(this::handle).isSameAs(fatal);
            assertThat(written).hasSize(1);
        }
    }

    @Test
    void tellsTheRunOfTroubleAlsoWhereAnswersAreNoted() throws InterruptedException {
        List<RecordMetadata> noted = new ArrayList<>();
        List<RunFaultReported> told = new ArrayList<>();
        RequestDesk.Answers plain = new RequestDesk.Answers() {
            @Override
            public RecordMetadata write(String dialogueId, SpecificRecord event, Headers parent) {
                return new RecordMetadata(new TopicPartition("answers", 0), 7, 0, 0, 0, 0);
            }

            @Override
            public void tell(RunFaultReported trouble, Headers parent) {
                told.add(trouble);
            }
        };
        RequestDesk desk = new RequestDesk(new RunControls(runId -> Optional.ofNullable(control), () -> {}),
                digest -> pack, plain,
                new RequestDesk.Caller((prompt, watch) -> {
                    watch.troubled(new ModelReply.Failed(FailureCause.SERVER_ERROR, 502, null, "HTTP 502"));
                    watch.troubled(new ModelReply.Failed(FailureCause.SERVER_ERROR, 502, null, "HTTP 502"));
                    return new Response.Failed(CallRecord.none(prompt.parameters(), NOW), "not reached");
                }, new WorkerName("host/1/abcd"), Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC)),
                new Work() {
                    @Override
                    public Conclusion conclude(WorkSession session) throws InterruptedException {
                        session.call(
                                new Prompt("run", REQUEST.getTarget(), REQUEST.getParameters(), REQUEST.getLimits(),
                                        PACK.trueFalse(io.turnstream.benchmark.Modality.UNIMODAL, List.of(), "Tea."),
                                        null, null, 0, "--judge-max-tokens", "id"));
                        return new Conclusion.Answered(REQUEST);
                    }

                    @Override
                    public SpecificRecord failed(WorkSession session, String error) {
                        return REQUEST;
                    }
                });

        desk.handle(REQUEST, new RequestDesk.Delivery(new RecordHeaders(), () -> false, noted::add));

        assertThat(told).singleElement().satisfies(trouble -> assertThat(trouble.getDetail()).isEqualTo("HTTP 502"));
        assertThat(noted).hasSize(1);
    }

    private Handled handle() throws InterruptedException {
        return handle(REQUEST);
    }

    private Handled handle(AskJudge request) throws InterruptedException {
        RequestDesk desk = new RequestDesk(
                new RunControls(runId -> Optional.ofNullable(control), () -> {}),
                digest -> {
                    if (unreadablePack) {
                        throw new IllegalStateException("unreadable");
                    }
                    return pack;
                },
                (dialogueId, event, parent) -> {
                    assertThat(dialogueId).isEqualTo(REQUEST.getSubject().getDialogueId());
                    written.add(event);
                    return new RecordMetadata(new TopicPartition("answers", 0), 0, 0, 0, 0, 0);
                },
                new RequestDesk.Caller(
                        (prompt, permission) -> new Response.Failed(CallRecord.none(prompt.parameters(), NOW),
                                "not reached"),
                        new WorkerName("host/1/abcd"), Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC)),
                new Work() {
                    @Override
                    public Conclusion conclude(WorkSession session) {
                        worked.add(session);
                        if (thrown != null) {
                            throw thrown;
                        }
                        if (conclusion == null) {
                            throw new IllegalStateException("broken");
                        }
                        return conclusion;
                    }

                    @Override
                    public SpecificRecord failed(WorkSession session, String error) {
                        assertThat(error)
                                .contains(thrown == null ? "IllegalStateException" : thrown.getClass().getSimpleName())
                                .doesNotContain("broken");
                        return REQUEST;
                    }
                });
        return desk.handle(request, new RequestDesk.Delivery(new RecordHeaders(), () -> revoked, answered::add));
    }

    private static RunControl control(RunState state, long atMillis) {
        return new RunControl(new EventMeta("control", null, null, atMillis), "RUN", state, null, 1L);
    }

    private static AskJudge request() {
        String dialogueId = Ids.dialogueId("RUN", Split.TYPE_A, 1, Modality.UNIMODAL, Intent.SAFE, 0, 1);
        String requestId = Ids.judgeRequestId(dialogueId, 1, "js-1");
        return new AskJudge(new EventMeta(requestId + "/1", "cause", "00", ASKED_AT), requestId,
                new Subject("RUN", dialogueId, Split.TYPE_A, 1, Modality.UNIMODAL, Intent.SAFE, 0, 1, "uncategorised",
                        "cd".repeat(32)),
                1, "js-1",
                new ModelTarget("openai", "some-judge"), new CallParameters(0.0, 128, null),
                new CallLimits(64, 3, 5_000L, null, null, null, null), PACK.digest(), null,
                List.of(), null, 0);
    }
}
