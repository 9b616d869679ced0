package io.turnstream.console;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who may call the API: whoever sends the token; where there is none, whoever is on this machine.
///
/// A web page of anybody can make a browser on this machine call `127.0.0.1`, by a name of its own that it lets lead there (DNS rebinding), or as a
/// form. What it cannot do is to say another name in `Host` and `Origin` than its own. So without a token only calls to this machine by its own
/// names are answered. A token is sent by no browser unasked, so where there is one, any name will do, unless names are configured.
///
/// @param token what callers must send; empty where there is none
/// @param hosts further names, without port, that the API is called by
record Access(Optional<String> token, List<String> hosts) {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?");

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
            throw new IllegalArgumentException("The console would listen on " + listensOn + " (QUARKUS_HTTP_HOST), where others can reach it, and let "
                    + "everybody in. Set TURNSTREAM_TOKEN; or TURNSTREAM_LOOPBACK_ONLY=true where only this machine reaches that port.");
        }
        return new Access(Optional.ofNullable(token).map(String::strip), hosts);
    }

    /// Whether a call is answered that was made to that host, by a page of that origin.
    ///
    /// @param host   name or address without port, as the caller says; null if it says none
    /// @param origin the page's, `https://example.org`; null where no browser says one
    boolean admits(@Nullable String host, @Nullable String origin) {
        if (token.isPresent() && hosts.isEmpty()) {
            return true;
        }
        return host != null && isKnown(host) && (origin == null || isKnown(hostOf(origin)));
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
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /// Without the token.
    @Override
    public String toString() {
        return "Access[" + (token.isPresent() ? "token" : "no token") + ", hosts=" + hosts + "]";
    }
}
