package kr.kisgateway.gateway.badfixture.wire;

import java.sql.Connection;

/** The wire must not depend on a database. */
public record BadEnvelope(Connection database) {}
