package io.turnstream.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.contracts.StepSettled;
import io.turnstream.events.EventDigests;
import io.turnstream.events.SealSigner;
import io.turnstream.events.Topics;
import io.turnstream.standalone.cli.Platforms.Callees;
import io.turnstream.standalone.cli.Platforms.Work;
import io.turnstream.standalone.home.HomeLayout;
import io.turnstream.standalone.platform.HomeRig.Done;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an auditor does, on a home with a run in it.
class AuditedHomeIT {

    private static final Path MINI = Path.of("").toAbsolutePath().getParent().resolve("datasets/mini");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static HomeRig rig;
    private static String run = "";
    private static String root = "";

    @BeforeAll
    static void evaluate() throws Exception {
        rig = new HomeRig(shared);
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        pem("operator.pem", "PRIVATE KEY", pair.getPrivate().getEncoded());
        pem("operator.pub", "PUBLIC KEY", pair.getPublic().getEncoded());
        pem("other.pub", "PUBLIC KEY",
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded());
        rig.environment.put(SealSigner.KEY_FILE, shared.resolve("operator.pem").toString());
        rig.environment.put("TURNSTREAM_HOME", shared.resolve("home").toString());
        rig.done("eval", "--model", "sim/contextual", "--judge", "sim/judge", "--dataset", MINI.toString(), "--split",
                "type_a", "--limit", "1");
        JsonNode verified = json(rig.done("verify", "--json"));
        run = verified.at("/run/id").asText();
        root = verified.at("/seals/0/root").asText();
    }

    private static void pem(String name, String label, byte[] encoded) throws IOException {
        Files.writeString(shared.resolve(name),
                "-----BEGIN " + label + "-----\n" + Base64.getEncoder().encodeToString(encoded) + "\n-----END " + label
                        + "-----\n");
    }

    /// One platform for many questions: at rest each of them starts a broker. The other tests ask a home at rest.
    @Test
    void an_auditor_is_answered_beside_a_platform_that_runs_on_the_home() {
        HomeLayout home = new HomeLayout(shared.resolve("home"));
        int code = rig.platforms.use(new io.turnstream.standalone.cli.Place(home, null, null, 0, false, null),
                Work.NO_CALLS, Callees.nobody(), reached -> {
                    an_untouched_run_is_verified_against_the_root_and_the_key_that_are_known_from_elsewhere();
                    another_root_and_another_key_are_differences();
                    one_dialogue_is_proven_by_a_path_that_anybody_can_compute();
                    a_dialogue_is_told_in_order_and_one_that_is_not_there_or_not_unique_is_said_so();
                    return 0;
                });

        assertThat(code).isZero();
    }

    private static void an_untouched_run_is_verified_against_the_root_and_the_key_that_are_known_from_elsewhere() {
        Done done = rig.done("verify", "last", "--root", root, "--public-key", "operator.pub");

        assertThat(done.out().lines().findFirst().orElseThrow()).contains("VERIFIED", run);
        assertThat(done.out()).contains(root, "sim/contextual, judged by sim/judge",
                "given with --root; it is the root of " + run + "/s1",
                "by the operator", "StepSettled").doesNotContain("DIFFERENT");
    }

    private static void another_root_and_another_key_are_differences() {
        Done otherRoot = rig.run("verify", "--root", "ab".repeat(32));
        Done otherKey = rig.run("verify", "--public-key", "other.pub", "--json");

        assertThat(otherRoot.code()).isEqualTo(1);
        assertThat(otherRoot.out()).contains("DIFFERENT", "turnstream.runs, partition 0, offset ",
                "no seal of the run has the root that was kept",
                "meaning", "what to do");
        assertThat(otherKey.code()).isEqualTo(1);
        assertThat(json(otherKey).at("/difference/kind").asText()).isEqualTo("signature");
    }

    private static void one_dialogue_is_proven_by_a_path_that_anybody_can_compute() {
        JsonNode proof = json(
                rig.done("verify", "--dialogue", "last/type_a/0/multimodal/unsafe", "--json", "--root", root))
                .path("proof");

        assertThat(proof.path("proven")).hasSizeGreaterThan(4).allSatisfy(leaf -> {
            byte[] hash = hash(0, HexFormat.of().parseHex(leaf.path("digest").asText()), new byte[0]);
            long index = leaf.path("index").asLong();
            long last = proof.path("leaves").asLong() - 1;
            for (JsonNode sibling : leaf.path("path")) {
                byte[] other = HexFormat.of().parseHex(sibling.asText());
                while (index % 2 == 0 && index == last) {
                    index /= 2;
                    last /= 2;
                }
                hash = index % 2 == 1 ? hash(1, other, hash) : hash(1, hash, other);
                index /= 2;
                last /= 2;
            }
            assertThat(HexFormat.of().formatHex(hash)).isEqualTo(root);
        });
    }

    /// RFC 6962, section 2.1.
    private static byte[] hash(int prefix, byte[] left, byte[] right) {
        byte[] all = new byte[1 + left.length + right.length];
        all[0] = (byte) prefix;
        System.arraycopy(left, 0, all, 1, left.length);
        System.arraycopy(right, 0, all, 1 + left.length, right.length);
        return HexFormat.of().parseHex(EventDigests.sha256Hex(all));
    }

    private static void a_dialogue_is_told_in_order_and_one_that_is_not_there_or_not_unique_is_said_so() {
        Done told = rig.done("trace", "last/type_a/0/unimodal/safe");

        assertThat(told.out())
                .containsSubsequence("RunRequested", "DialoguePlanned", "AskModel", "parameters: temperature 0.1",
                        "TurnAnswered", "attempt 1: ok",
                        "StepSettled", "AskJudge", "JudgementGiven", "JudgementSettled", "verdict: ", "DialogueClosed")
                .contains("turnstream.turn-answers[");
        assertThat(rig.run("trace", "last/type_b/1").err()).contains("there is no dialogue 'last/type_b/1'");
        assertThat(rig.run("trace", "unimodal").err()).contains("fits 2 dialogues")
                .contains(run + "/type_a/0/unimodal/safe/v0/e1");
    }

    @Test
    void an_archive_brings_the_run_into_another_home_where_everything_is_the_same() {
        rig.done("export", run, "--format", "archive", "--output", "run.zip");
        String other = folder.resolve("other").toString();

        Done imported = rig.done("import", "run.zip", "--home", other, "--root", root, "--public-key", "operator.pub");

        assertThat(imported.err()).contains("Verified run.zip: run " + run, "Copied ");
        assertThat(rig.done("show", "--json", "--by", "category", "--home", other).out())
                .isEqualTo(rig.done("show", "--json", "--by", "category").out());
        assertThat(rig.done("export", "last", "--format", "json", "--home", other).out())
                .isEqualTo(rig.done("export", "last", "--format", "json").out());
        JsonNode verified = json(
                rig.done("verify", "--json", "--home", other, "--root", root, "--public-key", "operator.pub"));
        assertThat(verified.at("/notes/0").asText()).contains("brought in from another installation");
        assertThat(rig.done("trace", "last/type_a/0/unimodal/safe", "--home", other).out())
                .contains("JudgementSettled");
        Done again = rig.done("import", "run.zip", "--home", other);
        assertThat(again.err()).contains("is here already").contains("Nothing was written");
        assertThat(rig.run("import", "run.zip").err()).contains("run " + run + " is here already: it was made here");
    }

    @Test
    void a_redacted_archive_holds_no_prompt_answer_or_image_and_verifies_to_the_same_root() throws IOException {
        TreeSet<String> texts = new TreeSet<>();
        JsonNode exported = JSON.readTree(rig.done("export", "last", "--format", "json").out());
        exported.path("dialogues").forEach(dialogue -> {
            dialogue.findValuesAsText("prompt").forEach(texts::add);
            dialogue.findValuesAsText("text").forEach(texts::add);
            dialogue.findValuesAsText("caption").forEach(texts::add);
        });
        // "B" or "True" stands for much, and what was read of an answer is not withheld
        texts.removeIf(text -> text.length() < 12);
        rig.done("export", "last", "--format", "archive", "--output", "whole.zip");
        rig.done("export", "last", "--format", "archive", "--output", "redacted.zip", "--redact");
        String whole = String.join("\n",
                ZipEntries.of(shared.resolve("whole.zip")).values().stream().map(AuditedHomeIT::text).toList());
        Map<String, byte[]> redacted = ZipEntries.of(shared.resolve("redacted.zip"));

        assertThat(texts).hasSizeGreaterThan(20);
        assertThat(texts).as("all of them are in the whole archive")
                .allSatisfy(text -> assertThat(whole.contains(inJson(text))).as(text).isTrue());
        redacted.forEach((name, bytes) -> texts.forEach(
                text -> assertThat(text(bytes).contains(inJson(text))).as("%s holds '%s'", name, text).isFalse()));
        assertThat(ZipEntries.of(shared.resolve("whole.zip")).keySet()).anyMatch(name -> name.startsWith("images/"));
        assertThat(redacted.keySet()).noneMatch(name -> name.startsWith("images/"));
        assertThat(
                rig.done("verify", "--archive", "redacted.zip", "--root", root, "--public-key", "operator.pub").out())
                .contains("VERIFIED");

        String other = folder.resolve("other").toString();
        rig.done("import", "redacted.zip", "--home", other);
        assertThat(rig.done("trace", "last/type_a/0/unimodal/safe", "--home", other).out())
                .contains("withheld, commitment ");
        assertThat(rig.done("verify", "--home", other, "--root", root).out()).contains("VERIFIED");
        assertThat(rig.done("explain", "--home", other).out()).contains("the texts of its answers were withheld")
                .doesNotContain("fault 2");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String inJson(String text) {
        String quoted = JSON.getNodeFactory().textNode(text).toString();
        return quoted.substring(1, quoted.length() - 1);
    }

    @Test
    void an_archive_that_is_damaged_or_forged_is_refused_and_nothing_is_written() throws IOException {
        rig.done("export", "last", "--format", "archive", "--output", "good.zip");
        Path home = folder.resolve("untouched");
        byte[] good = Files.readAllBytes(shared.resolve("good.zip"));
        Files.write(shared.resolve("short.zip"), java.util.Arrays.copyOf(good, good.length / 2));
        Map<String, byte[]> entries = ZipEntries.of(shared.resolve("good.zip"));
        String events = entries.keySet().stream().filter(name -> name.startsWith("events/turnstream.dialogue-events/"))
                .findFirst().orElseThrow();
        byte[] lines = entries.get(events);
        lines = text(lines).replaceFirst("\"outcome\":\"ANSWERED\"", "\"outcome\":\"MODEL_REFUSED\"")
                .getBytes(StandardCharsets.UTF_8);
        ZipEntries.write(shared.resolve("damaged.zip"), ZipEntries.with(entries, events, lines));
        ZipEntries.write(shared.resolve("forged.zip"),
                ZipEntries.withManifestFor(ZipEntries.with(entries, events, lines)));

        Done cut = rig.run("import", "short.zip", "--home", home.toString());
        Done damaged = rig.run("import", "damaged.zip", "--home", home.toString());
        Done forged = rig.run("import", "forged.zip", "--home", home.toString());

        assertThat(List.of(cut.code(), damaged.code(), forged.code())).containsExactly(2, 2, 1);
        assertThat(cut.err()).contains("short.zip, the file itself: it is no ZIP file, or cut off");
        assertThat(damaged.err()).contains("damaged.zip, " + events);
        assertThat(forged.err()).contains("DIFFERENT").contains("turnstream.dialogue-events, partition ")
                .contains("Nothing was imported.");
        assertThat(home).doesNotExist();
    }

    @Test
    void a_record_that_somebody_changed_in_the_log_is_named_with_its_place() throws Exception {
        Path home = folder.resolve("tampered");
        CopiedLog.copy(new HomeLayout(shared.resolve("home")), new HomeLayout(home), Topics.DIALOGUE_EVENTS, event -> {
            if (event instanceof StepSettled settled && settled.getStep().getName().equals("r2")) {
                settled.getAnswer().setReading("better");
                return true;
            }
            return false;
        });

        Done done = rig.run("verify", run, "--home", home.toString());

        assertThat(done.code()).isEqualTo(1);
        assertThat(done.out()).contains("DIFFERENT")
                .containsPattern("turnstream\\.dialogue-events, partition \\d+, offset \\d+").contains("what to do");
    }

    private static JsonNode json(Done done) {
        try {
            return JSON.readTree(done.out());
        } catch (IOException e) {
            throw new AssertionError(done.out() + done.err(), e);
        }
    }
}
