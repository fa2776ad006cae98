/**
 * Market data by one interface, wherever it comes from: KIS, the Korea Exchange's Open API, or the simulator.
 *
 * <p>{@link kr.kisgateway.client.source.MarketDataSource} is what programs ask;
 * {@link kr.kisgateway.client.source.SourceChoice} says which source an environment asks for, without opening anything;
 * {@link kr.kisgateway.client.source.KrxSource} answers from the exchange's published days. Sources that ask KIS, or a
 * simulator that speaks as KIS does, are made by a {@link kr.kisgateway.client.source.ClientSources}.
 *
 * <p>What a source cannot tell is a failure with a code, never an empty answer. Values carry when they are from
 * ({@link kr.kisgateway.client.source.AsOf}), because yesterday's close is no present price.
 * {@link kr.kisgateway.client.source.OldNames} prints them with the field names of the older client.
 */
@NullMarked
package kr.kisgateway.client.source;

import org.jspecify.annotations.NullMarked;
