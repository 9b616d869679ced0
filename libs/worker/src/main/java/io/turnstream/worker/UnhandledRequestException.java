package io.turnstream.worker;

/// A request that cannot be read, or that no handler could take to an end; the message is the reason as it stands
/// beside the dead letter.
final class UnhandledRequestException extends RuntimeException {

    UnhandledRequestException(String reason) {
        super(reason, null, false, false);
    }
}
