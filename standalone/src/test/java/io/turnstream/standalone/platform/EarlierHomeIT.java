package io.turnstream.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A home as an earlier version left it, before its services stood on channels and its events passed through Apicurio's
/// serde: broker, registry, document store and the stores of both topologies, with one run in it.
class EarlierHomeIT {

    private static final String RUN = "01M8HS38DVHECJ9504E8J6QKR8";
    private static final String ROOT = "99d850f1ff89fbacc94563eea664f4f5f11b52bf947a003b9d1cbb9c28587ba8";
    private static final Path MINI = Path.of("").toAbsolutePath().getParent().resolve("datasets/mini");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void a_home_of_before_is_shown_verified_judged_again_and_gone_on_with() throws Exception {
        unpack("/homes/2026-11-28.tar.gz", Files.createDirectory(folder.resolve("home")));
        HomeRig rig = new HomeRig(folder);
        rig.environment.put("TURNSTREAM_HOME", folder.resolve("home").toString());

        JsonNode shown = JSON.readTree(rig.done("show", "last", "--json").out()).at("/runs/0");
        assertThat(shown.path("id").asText()).isEqualTo(RUN);
        assertThat(shown.path("state").asText()).isEqualTo("completed");
        assertThat(rig.done("show", "last").out()).contains("type A unimodal   100 ", "14 calls, 5,539 tokens in",
                ROOT);
        assertThat(rig.done("verify", "last", "--root", ROOT).out()).contains("VERIFIED");

        assertThat(rig.done("score", "last", "--judge", "sim/judge-strict").out()).contains("sim/judge-strict");
        rig.done("eval", "--model", "sim/contextual", "--judge", "sim/judge", "--dataset", MINI.toString(), "--split",
                "type_a", "--modality", "unimodal", "--limit", "1");

        assertThat(rig.done("list").out()).contains(RUN).containsPattern("(?s)completed.*completed");
        // the same figures as the version before counted, by the parsers of now
        assertThat(rig.done("show", "last").out()).contains("type A unimodal   100 ", "14 calls, 5,539 tokens in");
        assertThat(rig.done("verify", RUN).out()).contains("VERIFIED");
    }

    private static void unpack(String archive, Path into) throws Exception {
        Path copy = into.resolveSibling("home.tar.gz");
        try (InputStream packed = Objects.requireNonNull(EarlierHomeIT.class.getResourceAsStream(archive), archive)) {
            Files.copy(packed, copy);
        }
        Process tar = new ProcessBuilder("tar", "-xzf", copy.toString(), "-C", into.toString()).inheritIO().start();
        assertThat(tar.waitFor()).isZero();
    }
}
