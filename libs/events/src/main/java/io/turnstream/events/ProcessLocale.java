package io.turnstream.events;

import java.util.Locale;

/// The language that a process computes in, which is English wherever it runs and whoever reads what it shows.
///
/// Libraries make names of things in the JVM's default language. Kafka's broker names its files `٠٠٠١.log` in Egypt,
/// and under Turkish its clients find no constant `CLASSİC`. So each process fixes the language before it does anything
/// else.
public final class ProcessLocale {

    private ProcessLocale() {}

    /// Fixes it for this JVM. Calling it again does nothing.
    public static void fix() {
        Locale.setDefault(Locale.ENGLISH);
    }
}
