package kr.kisgateway.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.doctor.PortChecks;

/**
 * Describes why a listener could not be opened. The system's message depends on its language, so the cause is probed.
 */
final class BindProblem {
    private static final int UNPRIVILEGED = 1_024;

    private BindProblem() {}

    /**
     * One sentence for the operator.
     *
     * @param setting setting of the port
     * @param bind the requested listen address
     */
    static String describe(String setting, String bind, int port) {
        if (!isAvailable(bind)) {
            return "The address " + bind + " is not available on this machine; set GATEWAY_BIND to one of its own"
                    + " (127.0.0.1, or 0.0.0.0 for all).";
        }
        return "The port " + port + " at " + bind + " is used by another program"
                + (port < UNPRIVILEGED && port > 0 ? ", or this user may not listen on ports below 1024" : "")
                + "; stop it, or set " + setting + " (" + option(setting) + ") to another (0 selects a free one).";
    }

    /** The same for the first of several ports, with those of them that are used as well. */
    static String describe(String setting, String bind, int port, List<PortChecks.OwnPort> all) {
        var further = all.stream()
                .filter(other -> !other.setting().equals(setting) && other.port() != 0)
                .filter(other -> !PortChecks.isFree(bind, other.port()))
                .toList();
        if (further.isEmpty()) {
            return describe(setting, bind, port);
        }
        return "The ports " + port
                + further.stream().map(other -> ", " + other.port()).collect(Collectors.joining())
                + " at " + bind + " are used by other programs; does another gateway run on this machine? Stop it, or"
                + " select free ports: " + option(setting) + "=0"
                + further.stream()
                        .map(other -> " " + option(other.setting()) + "=0")
                        .collect(Collectors.joining())
                + ".";
    }

    /** The option of the command line. */
    private static String option(String setting) {
        return setting.equals("GATEWAY_PORT")
                ? "--port"
                : "--" + setting.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether any port of the address can be bound. */
    private static boolean isAvailable(String bind) {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(bind))) {
            return socket.isBound();
        } catch (IOException e) {
            return false; // the address is not local, or the name does not resolve
        }
    }
}
