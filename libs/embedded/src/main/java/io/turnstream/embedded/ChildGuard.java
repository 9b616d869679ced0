package io.turnstream.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/// Runs another main class in a child process that must not outlive its parent.
///
/// The parent holds the write end of the child's standard input. When the parent ends, however abruptly, the system
/// closes it and the child sees the end of its input. This class is copied alone onto the child's class path, so it
/// uses nothing but the JDK.
final class ChildGuard {

    private static final int SHUTDOWN_MILLIS = 5_000;

    private ChildGuard() {}

    /// @param arguments the main class to run, then its arguments
    public static void main(String[] arguments) throws ReflectiveOperationException {
        // the registry's libraries, too, make names of what they write in the default language
        Locale.setDefault(Locale.ENGLISH);
        Thread.ofPlatform().name("parent-watch").daemon().start(ChildGuard::endWithParent);
        String[] rest = new String[arguments.length - 1];
        System.arraycopy(arguments, 1, rest, 0, rest.length);
        Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
    }

    private static void endWithParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // an unreadable input is as good as a closed one
        }
        Thread.ofPlatform().name("last-resort").daemon().start(() -> {
            try {
                Thread.sleep(SHUTDOWN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(1);
        });
        System.exit(0);
    }
}
