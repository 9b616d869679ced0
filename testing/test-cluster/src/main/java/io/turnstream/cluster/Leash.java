package io.turnstream.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// An agent that ends a JVM with the one that started it: the starter holds the write end of its standard input, which
/// the system closes when the starter ends, however abruptly. So a part runs as anybody would run it, `java -jar`, and
/// leaves nothing behind.
public final class Leash {

    private Leash() {}

    /// Called by the JVM before the application's main method.
    public static void premain(String arguments) {
        Thread.ofPlatform().name("leash").daemon().start(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // an unreadable input is as good as a closed one
            }
            Runtime.getRuntime().halt(137);
        });
    }

    /// Writes the agent's jar.
    public static Path jar(Path folder) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Leash.class.getName());
        String entry = Leash.class.getName().replace('.', '/') + ".class";
        Path jar = folder.resolve("leash.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var bytes = Leash.class.getResourceAsStream("Leash.class")) {
            out.putNextEntry(new JarEntry(entry));
            bytes.transferTo(out);
        }
        return jar;
    }
}
