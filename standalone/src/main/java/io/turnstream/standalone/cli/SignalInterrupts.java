package io.turnstream.standalone.cli;

import sun.misc.Signal;

/// Ctrl-C of this process. As long as nobody asks, it ends the process at once; from then on the first one is for
/// whoever asks, and the second one ends the process.
public final class SignalInterrupts implements Interrupts {

    private final Object pressed = new Object();
    private volatile boolean asked;
    private volatile boolean interrupted;

    private SignalInterrupts() {}

    /// Listens to SIGINT from now on.
    public static SignalInterrupts listening() {
        SignalInterrupts interrupts = new SignalInterrupts();
        Signal.handle(new Signal("INT"), signal -> interrupts.press());
        return interrupts;
    }

    private void press() {
        if (!asked || interrupted) {
            // what is recorded is safe at any moment; closing in order could take long
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
        }
        synchronized (pressed) {
            interrupted = true;
            pressed.notifyAll();
        }
    }

    @Override
    public boolean interrupted() {
        asked = true;
        return interrupted;
    }

    @Override
    public void pause(long millis) {
        try {
            synchronized (pressed) {
                if (!interrupted) {
                    pressed.wait(Math.max(1, millis));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
