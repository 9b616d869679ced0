package io.turnstream.benchmark.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackDigestTest {

    /// Computed apart, in Python: sha256(b"turnstream-protocol-pack/1\n" + for each file in order of its path
    /// pack(">Q", len(path)) + path + pack(">Q", len(content)) + content).
    @Test
    void followsTheDocumentedRule() {
        SortedMap<String, byte[]> files = new TreeMap<>(
                Map.of("pack.yaml", "name: \u00FC\n".getBytes(StandardCharsets.UTF_8),
                        "a.md", "hello\n".getBytes(StandardCharsets.UTF_8), "b/c.md", new byte[0]));
        assertThat(PackDigest.of(files)).isEqualTo("7577e1009512726f2390bb49deed16730629306a99ca2a35a524c3209dd56c43");
    }

    /// Runs are identified by this digest: a change of mtmcs-v2 is a new pack with a new name, not a new text under the
    /// old one.
    @Test
    void theBundledPackIsFrozen() {
        assertThat(ProtocolPack.bundled(ProtocolPack.DEFAULT).digest())
                .isEqualTo("55153721e330273014127d56e0817d7e09fc9299d5ea389cf5ccf5f93053b91c");
    }

    /// What runs of before were made with is still what it was, and opens.
    @Test
    void thePackOfBeforeStillOpens() {
        ProtocolPack former = PackTesting.former();
        assertThat(former.digest()).isEqualTo("f1b3568a3160093316c93e5c5a9f0098a787f2d638991224c84cd3c53aafa1aa");
        assertThat(former.settings().parser()).isEqualTo("strict-v1");
        assertThat(former.name()).isEqualTo("mtmcs-v1");
    }

    @Test
    void aPackThatWasWrittenToAFolderIsTheSamePack(@TempDir Path folder) throws IOException {
        ProtocolPack pack = ProtocolPack.bundled(ProtocolPack.DEFAULT);
        for (Map.Entry<String, byte[]> file : pack.files().entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        Files.writeString(folder.resolve("README.md"), "Notes are no part of a pack.");
        Files.writeString(folder.resolve(".hidden"), "Nor are hidden files.");
        assertThat(ProtocolPack.load(folder)).isEqualTo(pack).hasSameHashCodeAs(pack);
        assertThat(ProtocolPack.load(folder).files()).hasSize(11).containsOnlyKeys(pack.files().keySet());
        assertThat(ProtocolPack.of(pack.files())).isEqualTo(pack);
    }

    @Test
    void aChangeOfOneByteIsAnotherPack() {
        ProtocolPack changed = PackTesting.packWith("rubrics/hs-unimodal.md", "# Helpfulness", "#  Helpfulness");
        assertThat(changed.digest()).hasSize(64).isNotEqualTo(ProtocolPack.bundled(ProtocolPack.DEFAULT).digest());
        assertThat(changed).isNotEqualTo(ProtocolPack.bundled(ProtocolPack.DEFAULT));
    }

    @Test
    void aPackCannotBeChangedThroughItsFiles() {
        ProtocolPack pack = ProtocolPack.bundled(ProtocolPack.DEFAULT);
        pack.files().get("pack.yaml")[0] = 'X';
        assertThat(pack.files().get("pack.yaml")[0]).isNotEqualTo((byte) 'X');
        assertThat(pack.toString()).isEqualTo("ProtocolPack[mtmcs-v2, " + pack.digest().substring(0, 12) + "]");
    }
}
