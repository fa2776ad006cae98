/**
 * The broker's daily master files (종목마스터): which instruments exist, under which codes, with which base price, lot and
 * warnings. They need no key and cost no call.
 *
 * <p>{@link kr.kisgateway.client.master.MasterFiles} is the entry point: it downloads, stores the last good copy on disk,
 * refreshes it daily and reports its age. {@link kr.kisgateway.client.master.MasterTable} is one parsed file: typed records for
 * the most used files ({@link kr.kisgateway.client.master.StockListing},
 * {@link kr.kisgateway.client.master.OverseasListing}), rows for everything else. The layout of the lines is data
 * ({@code layouts.tsv}), read by one reader; a new file is a new table there and a new constant in
 * {@link kr.kisgateway.client.master.MasterFile}.
 */
@NullMarked
package kr.kisgateway.client.master;

import org.jspecify.annotations.NullMarked;
