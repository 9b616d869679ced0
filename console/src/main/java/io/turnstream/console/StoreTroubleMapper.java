package io.turnstream.console;

import com.mongodb.MongoException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.jboss.logging.Logger;

/// Says that it is the document store that does not answer: runs go on without it, and may be asked for later.
@Provider
public class StoreTroubleMapper implements ExceptionMapper<MongoException> {

    private static final Logger LOG = Logger.getLogger(StoreTroubleMapper.class);
    private static final String WHAT = "the document store does not answer";

    @Override
    public Response toResponse(MongoException e) {
        LOG.warnf("%s: %s", WHAT, e.getMessage());
        return ApiError.of(Response.Status.SERVICE_UNAVAILABLE, WHAT, "store",
                "Runs go on without it. Check whether it runs, then ask again.");
    }
}
