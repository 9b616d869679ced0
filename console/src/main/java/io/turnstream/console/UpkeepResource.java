package io.turnstream.console;

import io.turnstream.messaging.DeadLetterDesk;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.function.Function;

/// Rebuild and dead letters over HTTP. See `docs/rest-api.md`.
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
public class UpkeepResource {

    /// The body of `POST /api/v1/dead-letters/{id}/replay`.
    record Replay(boolean again) {}

    private final ServedPlatform served;

    UpkeepResource(ServedPlatform served) {
        this.served = served;
    }

    @GET
    @Path("rebuild")
    public Response rebuild() {
        return with(upkeep -> Response.ok(ApiJson.write(upkeep.rebuilding().status())).build());
    }

    @POST
    @Path("rebuild")
    public Response startRebuild() {
        return with(upkeep -> Response.status(Response.Status.ACCEPTED)
                .entity(ApiJson.write(upkeep.rebuilding().begin())).build());
    }

    @DELETE
    @Path("rebuild")
    public Response stopRebuild() {
        return with(upkeep -> {
            upkeep.rebuilding().stop();
            return Response.ok(ApiJson.write(upkeep.rebuilding().status())).build();
        });
    }

    @GET
    @Path("dead-letters")
    public Response deadLetters() {
        return with(upkeep -> Response.ok(ApiJson.write(upkeep.deadLetters().letters())).build());
    }

    @GET
    @Path("dead-letters/{id}")
    public Response deadLetter(@PathParam("id") long id) {
        return with(upkeep -> found(id, upkeep.deadLetters().open(id)));
    }

    @POST
    @Path("dead-letters/{id}/replay")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response replay(@PathParam("id") long id, String body) {
        return with(upkeep -> found(id, upkeep.deadLetters().replay(id, ApiJson.order(body, Replay.class).again())));
    }

    private Response with(Function<Upkeep, Response> use) {
        Optional<Upkeep> upkeep = served.upkeep();
        if (upkeep.isEmpty()) {
            return ApiError.of(Response.Status.SERVICE_UNAVAILABLE, "the platform is still starting", "platform",
                    "Try again in a second.");
        }
        try {
            return use.apply(upkeep.get());
        } catch (UnacceptableRunException e) {
            return ApiError.of(Response.Status.BAD_REQUEST, e.what(), e.where(), e.remedy());
        } catch (DeadLetterDesk.ReplayRefusedException e) {
            return ApiError.of(Response.Status.BAD_REQUEST, e.what(), "dead-letters", e.remedy());
        }
    }

    private static Response found(long id, Optional<?> answer) {
        return answer.map(letter -> Response.ok(ApiJson.write(letter)).build())
                .orElseGet(() -> ApiError.of(Response.Status.NOT_FOUND, "there is no dead letter " + id, "dead-letters",
                        "GET /api/v1/dead-letters lists them."));
    }
}
