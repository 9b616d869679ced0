package io.turnstream.benchmark.pack;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/// The bundled pack with a change.
final class PackTesting {

    private PackTesting() {}

    static SortedMap<String, byte[]> bundledFiles() {
        return ProtocolPack.bundled(ProtocolPack.DEFAULT).files();
    }

    /// The pack that was bundled before, with the parsers `strict-v1`.
    static ProtocolPack former() {
        return ProtocolPack.of(formerFiles());
    }

    static SortedMap<String, byte[]> formerFiles() {
        SortedMap<String, byte[]> files = bundledFiles();
        files.put("pack.yaml",
                new String(files.get("pack.yaml"), StandardCharsets.UTF_8).replace("name: mtmcs-v2", "name: mtmcs-v1")
                        .replace("parser: strict-v2", "parser: strict-v1").getBytes(StandardCharsets.UTF_8));
        return files;
    }

    /// The bundled files with one text replaced in one of them.
    static Map<String, byte[]> changed(String file, String from, String to) {
        SortedMap<String, byte[]> files = bundledFiles();
        String text = new String(files.get(file), StandardCharsets.UTF_8);
        if (!text.contains(from)) {
            throw new IllegalArgumentException(file + " does not contain " + from);
        }
        files.put(file, text.replace(from, to).getBytes(StandardCharsets.UTF_8));
        return files;
    }

    static ProtocolPack packWith(String file, String from, String to) {
        return ProtocolPack.of(changed(file, from, to));
    }
}
