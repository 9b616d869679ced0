package io.turnstream.audit;

/// A record under a run's key that is no event.
public final class UnreadableRecordException extends RuntimeException {

    private final Place place;

    public UnreadableRecordException(Place place, String problem) {
        super(place + " cannot be read: " + problem);
        this.place = place;
    }

    public Place place() {
        return place;
    }
}
