package kr.kisgateway.gateway.badfixture.gateway.order;

import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.opentelemetry.api.trace.Span;
import java.sql.Connection;
import java.time.Instant;
import kr.kisgateway.gateway.badfixture.client.BadClient;
import kr.kisgateway.gateway.badfixture.gateway.kis.BadAdapter;
import kr.kisgateway.gateway.badfixture.gateway.risk.BadRisk;
import kr.kisgateway.gateway.badfixture.simulator.BadSimulator;
import kr.kisgateway.gateway.json.JsonBuffer;
import tools.jackson.databind.JsonNode;

/** An order that depends on everything that is forbidden to it. */
public final class BadOrder {
    static int counter;

    Context request;
    Connection database;
    JsonNode body;
    BadClient client;
    BadAdapter adapter;
    BadSimulator simulator;
    BadRisk risk;
    JsonBuffer answer;
    Span span;
    Counter meter = Metrics.counter("orders");
    Instant at = Instant.now();
}
