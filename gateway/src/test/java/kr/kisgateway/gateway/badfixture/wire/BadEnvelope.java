package kr.kisgateway.gateway.badfixture.wire;

import javax.sql.DataSource;

/** The wire must not depend on a database. */
public record BadEnvelope(DataSource database) {}
