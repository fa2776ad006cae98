/**
 * Market data by one interface, wherever it comes from: KIS, the Korea Exchange's Open API, or the simulator.
 *
 * <p>{@link kr.kisgateway.client.source.MarketDataSource} is the interface for programs;
 * {@link kr.kisgateway.client.source.SourceChoice} selects the source of an environment, without opening anything;
 * {@link kr.kisgateway.client.source.KrxSource} answers from the exchange's published days. A source
 * over KIS, or over a simulator with KIS's protocol, is a {@link kr.kisgateway.client.source.KisSource}.
 *
 * <p>What a source does not offer is a failure with a code, never an empty answer. Values carry their time
 * ({@link kr.kisgateway.client.source.AsOf}), because yesterday's close is no current price.
 * {@link kr.kisgateway.client.source.OldNames} prints them with the field names of the older client.
 */
@NullMarked
package kr.kisgateway.client.source;

import org.jspecify.annotations.NullMarked;
