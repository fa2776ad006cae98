package kr.kisgateway.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Says why a listener could not be opened. The system's own words depend on its language, so it is tried instead. */
final class BindProblem {
    private static final int UNPRIVILEGED = 1_024;

    private BindProblem() {}

    /**
     * One sentence for the user.
     *
     * @param setting of the port
     * @param bind the address that was to be listened on
     */
    static String describe(String setting, String bind, int port) {
        if (!isAvailable(bind)) {
            return "The address " + bind + " is not available on this machine; set GATEWAY_BIND to one of its own"
                    + " (127.0.0.1, or 0.0.0.0 for all).";
        }
        return "The port " + port + " at " + bind + " is used by another program"
                + (port < UNPRIVILEGED && port > 0 ? ", or this user may not listen on ports below 1024" : "")
                + "; stop it, or set " + setting + " to another (0 takes a free one).";
    }

    /** Whether any port can be had there. */
    private static boolean isAvailable(String bind) {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(bind))) {
            return socket.isBound();
        } catch (IOException e) {
            return false; // no such address here, or no such name
        }
    }
}
