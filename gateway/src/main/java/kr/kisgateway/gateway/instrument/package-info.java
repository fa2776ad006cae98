/**
 * What is listed. {@link kr.kisgateway.gateway.instrument.CurrentListing} holds the listing that everybody else asks;
 * {@link kr.kisgateway.gateway.instrument.ListingRefresher} renews it from the broker's master files, the kept copies or the
 * list that comes with the program, whichever is newest; {@link kr.kisgateway.gateway.instrument.SearchIndex} finds
 * instruments by code, name or initial consonants. The broker is met only through
 * {@link kr.kisgateway.gateway.instrument.MasterFileSource}.
 */
@NullMarked
package kr.kisgateway.gateway.instrument;

import org.jspecify.annotations.NullMarked;
