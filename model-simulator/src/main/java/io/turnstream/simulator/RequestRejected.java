package io.turnstream.simulator;

/// A request that is answered with an error because of what it says. Carries no stack trace: it is part of the
/// protocol.
final class RequestRejected extends Exception {

    private final transient ApiError error;

    RequestRejected(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ApiError error() {
        return error;
    }
}
