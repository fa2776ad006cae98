/**
 * The baselines of the measurements: the same work by the same library, without a gateway. {@code BareRouteMain} and
 * {@code BareHubMain} run as processes of their own with the gateway's JVM flags; {@code GroupedInserts} is the store.
 */
@NullMarked
package kr.kisgateway.bench.floor;

import org.jspecify.annotations.NullMarked;
