package kr.kisgateway.gateway.badfixture.wire;

import org.jdbi.v3.core.Jdbi;

/** The wire must not depend on a database. */
public record BadEnvelope(Jdbi jdbi) {}
