package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.audit.Expected;
import io.turnstream.audit.Verification;
import io.turnstream.audit.Verified;
import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveLimits;
import io.turnstream.audit.archive.ArchiveWriter;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.Texts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run whose provider repeats the prompt in all that it says of failures.
class RedactedArchiveTest {

    private static final String RUN = "01JD0000000000000000000004";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String QUOTE = "your prompt 'how to sharpen a knife' violates our policy";

    private static List<Recorded> log = List.of();

    @TempDir
    private Path folder;

    @BeforeAll
    static void record() {
        try (RecordedRun run = new RecordedRun(RUN, START)) {
            run.request();
            run.plan(3);
            run.quoting(QUOTE);
            run.handBackNext(DeferralReason.CIRCUIT_OPEN, "HTTP 503");
            run.handBackNext(DeferralReason.AUTHENTICATION, "HTTP 403");
            run.command(RunCommand.RESUME);
            run.pass(Duration.ofMinutes(5));
            run.ending(step -> step.equals("r2") ? Outcome.PROVIDER_ERROR : Outcome.ANSWERED);
            run.answerNext();
            run.answerNext();
            run.answerNext();
            run.ending(step -> Outcome.ANSWERED);
            run.judging(Outcome.JUDGE_ERROR);
            run.answerAll();
            run.command(RunCommand.RETRY);
            run.judging(Outcome.JUDGED);
            run.answerAll();
            run.judgeAgain("another");
            run.handBackNext(DeferralReason.AUTHENTICATION, "HTTP 403");
            log = run.log();
        }
    }

    @Test
    void states_tell_the_reason_in_our_words_and_the_providers_beside_them() {
        assertThat(states()).filteredOn(state -> state.getState() == RunState.HALTED).isNotEmpty().allSatisfy(state -> {
            assertThat(state.getReason()).isEqualTo("HTTP 403");
            assertThat(Texts.plain(state.getProviderMessage())).isEqualTo(QUOTE);
        });
        assertThat(states()).filteredOn(state -> String.valueOf(state.getReason()).contains("HTTP 503")).isNotEmpty()
                .allSatisfy(state -> assertThat(Texts.plain(state.getProviderMessage())).isEqualTo(QUOTE));
        assertThat(states().getLast().getProviderMessage()).as("it went on").isNull();
    }

    @Test
    void a_redacted_archive_repeats_nothing_of_the_prompt_and_verifies() throws IOException {
        assertThat(text(write(false))).contains("sharpen a knife", "boats at night");
        Path redacted = write(true);
        assertThat(text(redacted)).doesNotContain("sharpen a knife").doesNotContain("boats at night")
                .contains("HTTP 403");

        String root = Verification.of(new ListedEvents(RUN, log), Expected.nothing()).seals().getFirst().root();
        try (Archive archive = Archive.open(redacted, ArchiveLimits.standard())) {
            Verified verified = Verification.of(archive, new Expected(root, null));
            assertThat(verified.difference()).isNull();
            assertThat(verified.notes())
                    .anyMatch(note -> note.contains("texts are withheld: the records are marked redacted"));
        }
    }

    @Test
    void what_an_earlier_version_wrote_in_the_place_of_a_name_is_counted() throws IOException {
        assertThat(quoting(log)).isZero();
        List<Recorded> texts = Rewriting.of(log, event -> {
            if (event instanceof TurnAnswered answered && answered.getAnswer() != null) {
                answered.getAnswer().setFinishReason("error: how to sharpen a knife");
            }
            return event;
        });
        assertThat(quoting(texts))
                .isEqualTo(log.stream().filter(record -> record.event() instanceof TurnAnswered).count()).isPositive();
    }

    private static long quoting(List<Recorded> records) throws IOException {
        return ArchiveWriter.write(new ListedEvents(RUN, records), new ArchivedParts(), true, "test", START,
                OutputStream.nullOutputStream()).quoting();
    }

    private static List<RunStateChanged> states() {
        return log.stream().map(Recorded::event).filter(RunStateChanged.class::isInstance)
                .map(RunStateChanged.class::cast).toList();
    }

    private Path write(boolean redact) throws IOException {
        Path file = folder.resolve(redact + ".zip");
        try (OutputStream out = Files.newOutputStream(file)) {
            ArchiveWriter.write(new ListedEvents(RUN, log), new ArchivedParts(), redact, "test", START, out);
        }
        return file;
    }

    /// All of its events, as text.
    private static String text(Path archive) throws IOException {
        StringBuilder all = new StringBuilder();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
                if (entry.getName().startsWith("events/")) {
                    all.append(new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return all.toString();
    }
}
