package io.turnstream.console;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who may call the API: whoever sends the token; where there is none, whoever is on this machine.
///
/// A web page of anybody can make a browser on this machine call `127.0.0.1`, by a name of its own that it lets lead
/// there (DNS rebinding), or as a form. What it cannot do is to say another name in `Host` and `Origin` than its own.
/// So without a token only calls to this machine by its own names are answered, and of those that pages make, only the
/// ones of this platform's own pages: another server on this machine has a page with another port. A token is sent by
/// no browser unasked, so where there is one, any name will do, unless names are configured.
///
/// @param token what callers must send; empty where there is none
/// @param hosts further names, without port, that the API is called by
record Access(Optional<String> token, List<String> hosts) {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1");
    private static final Pattern ADDRESS = Pattern
            .compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]*(:\\d{1,3}(\\.\\d{1,3}){3})?");
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    Access {
        if (token.filter(String::isBlank).isPresent()) {
            throw new IllegalArgumentException("an empty token would let everybody in");
        }
        hosts = hosts.stream().map(Access::plain).toList();
    }

    /// What the configuration of a console of its own amounts to.
    ///
    /// @param token        `TURNSTREAM_TOKEN` as it is set; null where it is not
    /// @param hosts        further names that the API is called by
    /// @param listensOn    the address that the server listens on
    /// @param loopbackOnly whether somebody else sees to it that only this machine reaches that address
    /// @throws IllegalArgumentException if it would let strangers in; says what to do
    static Access of(@Nullable String token, List<String> hosts, String listensOn, boolean loopbackOnly) {
        if (token != null && token.isBlank()) {
            throw new IllegalArgumentException("TURNSTREAM_TOKEN is empty, and an empty token would let everybody in. "
                    + "Set one (openssl rand -base64 32), or unset the variable.");
        }
        if (token == null && !loopbackOnly && !isLoopback(listensOn)) {
            throw new IllegalArgumentException("The console would listen on " + listensOn
                    + " (QUARKUS_HTTP_HOST), where others can reach it, and let "
                    + "everybody in. Set TURNSTREAM_TOKEN; or TURNSTREAM_LOOPBACK_ONLY=true where only this machine reaches that port.");
        }
        return new Access(Optional.ofNullable(token).map(String::strip), hosts);
    }

    /// Whether a call is answered that was made to that host, by a page of that origin.
    ///
    /// @param host   name or address without port, as the caller says; null if it says none
    /// @param port   what the caller says beside it; negative if nothing
    /// @param origin the page's, `https://example.org`; null where no browser says one
    boolean admits(@Nullable String host, int port, @Nullable String origin) {
        if (token.isPresent() && hosts.isEmpty()) {
            return true;
        }
        if (host == null || !isKnown(host)) {
            return false;
        }
        return origin == null || (token.isPresent() ? isKnown(hostOf(origin)) : isOf(origin, host, port));
    }

    /// Whether health and metrics are shown, which need no token, so that none keeps a rebound name out. Probes call by
    /// an address: that is no name which somebody else could let lead here.
    ///
    /// @param host   as the caller says
    /// @param port   what the caller says beside it; negative if nothing
    /// @param origin the page's; null where no browser says one
    boolean admitsProbe(String host, int port, @Nullable String origin) {
        return (isKnown(host) || ADDRESS.matcher(plain(host)).matches())
                && (origin == null || isOf(origin, host, port));
    }

    private static boolean isOf(String origin, String host, int port) {
        try {
            URI page = URI.create(origin.strip());
            int usual = "https".equalsIgnoreCase(page.getScheme()) ? HTTPS : HTTP;
            return page.getHost() != null && plain(page.getHost()).equals(plain(host))
                    && (page.getPort() < 0 ? usual : page.getPort()) == (port < 0 ? usual : port);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean isKnown(String host) {
        return isLoopback(host) || hosts.contains(plain(host));
    }

    private static String hostOf(String origin) {
        try {
            String host = URI.create(origin.strip()).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isLoopback(String host) {
        return LOOPBACK.matcher(plain(host)).matches();
    }

    private static String plain(String host) {
        String lower = host.strip().toLowerCase(Locale.ROOT);
        if (lower.startsWith("[") && lower.endsWith("]")) {
            return lower.substring(1, lower.length() - 1);
        }
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /// Without the token.
    @Override
    public String toString() {
        return "Access[" + (token.isPresent() ? "token" : "no token") + ", hosts=" + hosts + "]";
    }
}
