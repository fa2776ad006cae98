/**
 * What every listener of the product has in common: which pages may call it ({@link kr.kisgateway.edge.OriginRule}), which
 * upgrades can be read ({@link kr.kisgateway.edge.UpgradeRule}) and that it keeps no HTTP sessions ({@link kr.kisgateway.edge.Sessionless}). A rule for one listener only belongs to that listener.
 */
@NullMarked
package kr.kisgateway.edge;

import org.jspecify.annotations.NullMarked;
