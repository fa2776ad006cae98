package kr.kisgateway.gateway.badfixture.client;

import io.javalin.Javalin;
import kr.kisgateway.gateway.badfixture.simulator.BadSimulator;

/** The client must not depend on the simulator, nor on a server. */
public record BadClient(BadSimulator simulator, Javalin server) {}
