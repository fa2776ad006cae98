/**
 * What is listed. {@link kr.kisgateway.gateway.instrument.LiveListing} holds the listing that everybody else asks;
 * {@link kr.kisgateway.gateway.instrument.ListingKeeper} renews it from the broker's master files, the kept copies or the
 * list that comes with the program, whichever is newest; {@link kr.kisgateway.gateway.instrument.SearchIndex} finds
 * instruments by code, name or initial consonants. The broker is met only through
 * {@link kr.kisgateway.gateway.instrument.MasterSource}.
 */
@NullMarked
package kr.kisgateway.gateway.instrument;

import org.jspecify.annotations.NullMarked;
