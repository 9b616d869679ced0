package io.turnstream.dispatch;

/// A recorded run cannot be judged; the message says why, for people.
final class UnreadableTranscriptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableTranscriptException(String message) {
        super(message);
    }
}
