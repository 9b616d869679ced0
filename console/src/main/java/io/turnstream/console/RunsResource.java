package io.turnstream.console;

import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.AmbiguousRunException;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.projection.report.Reports;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs over HTTP. Thin: every answer is what [Platform] and [Reports] say, as JSON; lists without end are one JSON
/// object per line. `{run}` is a run's id, a prefix of it, or `last`. See `docs/rest-api.md`.
@Path("/api/v1/runs")
@Produces(MediaType.APPLICATION_JSON)
public class RunsResource {

    private static final String LINES = "application/x-ndjson";

    /// The body of `POST /api/v1/runs/{run}/commands`.
    record Command(
            @Nullable String command, @Nullable String reason, @Nullable BigDecimal costLimitUsd,
            @Nullable BigDecimal judgeCostLimitUsd,
            @Nullable List<String> also) {}

    private final ServedPlatform served;

    RunsResource(ServedPlatform served) {
        this.served = served;
    }

    @GET
    public Response runs() {
        return with(platform -> json(platform.reports().runs()));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response submit(String body) {
        return with(platform -> {
            List<String> runs = platform.submit(ApiJson.order(body, RunOrder.class));
            return Response.status(Response.Status.CREATED).entity(ApiJson.write(Map.of("runs", runs))).build();
        });
    }

    @GET
    @Path("{run}")
    public Response run(@PathParam("run") String run) {
        return withRun(run, (reports, id) -> found(run, reports.run(id)));
    }

    @GET
    @Path("{run}/id")
    public Response id(@PathParam("run") String run) {
        return withRun(run, (reports, id) -> Response.ok(ApiJson.write(Map.of("id", id))).build());
    }

    @GET
    @Path("{run}/progress")
    public Response progress(@PathParam("run") String run) {
        return withRun(run, (reports, id) -> found(run, reports.progress(id)));
    }

    @GET
    @Path("{run}/cells")
    public Response cells(@PathParam("run") String run) {
        return withRun(run, (reports, id) -> json(reports.cells(id)));
    }

    @GET
    @Path("{run}/rejections")
    public Response rejections(@PathParam("run") String run) {
        return withRun(run, (reports, id) -> json(reports.rejections(id)));
    }

    @GET
    @Path("{run}/rows")
    @Produces({LINES, MediaType.APPLICATION_JSON})
    public Response rows(@PathParam("run") String run) {
        return withRun(run, (reports, id) -> lines(reports::rows, id));
    }

    @GET
    @Path("{run}/dialogues")
    @Produces({LINES, MediaType.APPLICATION_JSON})
    public Response dialogues(@PathParam("run") String run) {
        return withRun(run, (reports, id) -> lines(reports::dialogues, id));
    }

    @GET
    @Path("{run}/dialogues/settled")
    public Response dialoguesSettled(@PathParam("run") String run) {
        return withRun(run,
                (reports, id) -> Response.ok(ApiJson.write(Map.of("settled", reports.dialoguesSettled(id)))).build());
    }

    @POST
    @Path("{run}/commands")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response command(@PathParam("run") String run, String body) {
        return with(platform -> {
            Command command = ApiJson.order(body, Command.class);
            RunCommand asked = asked(command.command());
            Optional<String> id = platform.reports().runId(run);
            if (id.isEmpty()) {
                return noSuchRun(run);
            }
            CostTerms costs = new CostTerms(null, command.costLimitUsd(), command.judgeCostLimitUsd());
            if (asked == RunCommand.RETRY) {
                platform.retry(id.get(), command.also() == null ? List.of() : command.also(), costs);
            } else {
                platform.command(id.get(), asked, command.reason(), costs);
            }
            return Response.status(Response.Status.ACCEPTED).entity(ApiJson.write(Map.of("id", id.get()))).build();
        });
    }

    @GET
    @Path("{run}/judgements")
    public Response judgementSets(@PathParam("run") String run) {
        return withRun(run, (reports, id) -> json(reports.judgementSets(id)));
    }

    @POST
    @Path("{run}/judgements")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response judge(@PathParam("run") String run, String body) {
        return with(platform -> Response.status(Response.Status.CREATED)
                .entity(ApiJson.write(platform.judge(run, ApiJson.order(body, JudgementOrder.class)))).build());
    }

    @POST
    @Path("{run}/judgements/{set}/commands")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response commandJudgements(@PathParam("run") String run, @PathParam("set") String set, String body) {
        return with(platform -> {
            Command command = ApiJson.order(body, Command.class);
            RunCommand asked = asked(command.command());
            String id = platform.reports().runId(run).orElse(run);
            platform.command(new JudgementSetName(id, set), asked, command.reason());
            return Response.status(Response.Status.ACCEPTED).entity(ApiJson.write(new JudgementSetName(id, set)))
                    .build();
        });
    }

    private static RunCommand asked(@Nullable String name) {
        return switch (name == null ? "" : name.toLowerCase(Locale.ROOT)) {
            case "pause" -> RunCommand.PAUSE;
            case "resume" -> RunCommand.RESUME;
            case "cancel" -> RunCommand.CANCEL;
            case "retry" -> RunCommand.RETRY;
            default -> throw new UnacceptableRunException("there is no such command", "command",
                    "There are pause, resume, cancel and retry.");
        };
    }

    private Response with(Function<Platform, Response> use) {
        Optional<Platform> platform = served.platform();
        if (platform.isEmpty()) {
            return ApiError.of(Response.Status.SERVICE_UNAVAILABLE, "the platform is still starting", "platform",
                    "Try again in a second.");
        }
        try {
            return use.apply(platform.get());
        } catch (UnacceptableRunException e) {
            return ApiError.of(Response.Status.BAD_REQUEST, e.what(), e.where(), e.remedy());
        } catch (AmbiguousRunException e) {
            return ApiError.of(Response.Status.CONFLICT, String.valueOf(e.getMessage()), "run", "Give more of the id.");
        } catch (PlatformUnreachableException e) {
            return ApiError.of(Response.Status.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()), "platform",
                    "Try again later.");
        }
    }

    private interface OfRun {
        Response answer(Reports reports, String runId);
    }

    private Response withRun(String run, OfRun use) {
        return with(platform -> {
            Reports reports = platform.reports();
            return reports.runId(run).map(id -> use.answer(reports, id)).orElseGet(() -> noSuchRun(run));
        });
    }

    private static Response found(String run, Optional<?> answer) {
        return answer.map(RunsResource::json).orElseGet(() -> noSuchRun(run));
    }

    private static Response json(Object value) {
        return Response.ok(ReportJson.line(value)).build();
    }

    private static <T> Response lines(BiConsumer<String, Consumer<T>> source, String runId) {
        StreamingOutput stream = out -> {
            BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
            source.accept(runId, (Consumer<T>) value -> writeLine(buffered, value));
            buffered.flush();
        };
        return Response.ok(stream).type(LINES).build();
    }

    private static void writeLine(OutputStream out, Object value) {
        try {
            out.write(ReportJson.line(value).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Response noSuchRun(String run) {
        return ApiError.of(Response.Status.NOT_FOUND, "there is no run '" + run + "'", "run",
                "GET /api/v1/runs lists them.");
    }
}
