package io.turnstream.protocol.pack;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/// The bundled pack with a change.
final class PackTesting {

    private PackTesting() {
    }

    static SortedMap<String, byte[]> bundledFiles() {
        return ProtocolPack.bundled("mtmcs-v1").files();
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
