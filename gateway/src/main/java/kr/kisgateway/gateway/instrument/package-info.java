/**
 * The listing of instruments. {@link kr.kisgateway.gateway.instrument.CurrentListing} is the listing that other
 * components query; {@link kr.kisgateway.gateway.instrument.ListingRefresher} refreshes it from the broker's master
 * files, the cached copies or the shipped list, whichever is newest; {@link
 * kr.kisgateway.gateway.instrument.SearchIndex} finds instruments by code, name or initial consonants. The broker is
 * accessed only through {@link kr.kisgateway.gateway.instrument.MasterFileSource}.
 */
@NullMarked
package kr.kisgateway.gateway.instrument;

import org.jspecify.annotations.NullMarked;
