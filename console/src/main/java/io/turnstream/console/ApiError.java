package io.turnstream.console;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/// The answer to what cannot be answered: what is wrong, where, what to do, and all of it in one line. See
/// `docs/rest-api.md`.
final class ApiError {

    private ApiError() {}

    static Response of(Response.Status status, String what, String where, String remedy) {
        return Response.status(status).type(MediaType.APPLICATION_JSON).entity(json(what, where, remedy)).build();
    }

    static String json(String what, String where, String remedy) {
        return ApiJson.write(Map.of("error", Map.of("what", what, "where", where, "remedy", remedy, "message",
                where + ": " + what + ". " + remedy)));
    }
}
