/**
 * The sockets and the disk around {@code BrokerCore}: one listener for REST and WebSocket, the {@code simulator-desk}
 * thread that owns the core and commits before anything is sent, and the SQLite file.
 *
 * <p>Only this package uses Jetty, Javalin and JDBC. A slow or dead socket costs its own bounded queue and nothing
 * else.
 */
@NullMarked
package kr.kisgateway.simulator.server;

import org.jspecify.annotations.NullMarked;
