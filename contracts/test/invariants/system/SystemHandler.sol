// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Merkle} from "../../support/Merkle.sol";
import {CaseActions} from "./CaseActions.sol";
import {TaskActions} from "./TaskActions.sol";

/// @title All actions on the five contracts: those of the files beside, and the settlement's roots and claims.
contract SystemHandler is TaskActions, CaseActions {
    uint64 private _epoch;
    uint256[] private _submitted;
    uint256[] private _active;
    bytes32[] private _tree;

    constructor() {
        _tune(1, 2, 100_000);
    }

    function submitRoot(uint256 actorSeed, uint256 amount, uint256 hostile) external counted("submitRoot") {
        (bool pending,) = distributor.pending();
        require(!pending, "one is pending");
        _settle();
        uint256[] memory cumulatives = new uint256[](actors.length);
        uint256 total;
        for (uint256 i = 0; i < cumulatives.length; ++i) {
            cumulatives[i] = _active.length == 0 ? 0 : _active[i];
            if (i == _index(actorSeed, actors.length)) cumulatives[i] += _in(amount, 1, 20_000 ether);
            total += cumulatives[i];
        }
        // A root may say more than its total: claims are held to the total all the same.
        if (_chance(hostile, 4)) cumulatives[amount % cumulatives.length] += 500_000 ether;
        bytes32 root = Merkle.treeOf(actors, cumulatives)[0];
        vm.prank(rewards);
        distributor.submitRoot(_epoch, root, _chance(hostile, 4) ? total - total / 4 : total, "evidence", "uri");
        _submitted = cumulatives;
        _epoch++;
    }

    function disableRoot() external counted("disableRoot") {
        vm.prank(rewards);
        distributor.disableRoot(_epoch - 1);
    }

    function claim(uint256 actorSeed, uint256 more) external counted("claim") {
        _settle();
        uint256 i = _index(actorSeed, actors.length);
        uint256 granted = _active[i];
        bytes32[] memory proof = Merkle.proofOf(_tree, Merkle.leafOf(actors[i], granted));
        (bool overpaid,) = address(distributor)
            .call(abi.encodeCall(distributor.claim, (actors[i], granted + _in(more, 1, 1 ether), proof)));
        _must(!overpaid, "no claim beyond the leaf");
        distributor.claim(actors[i], granted, proof);
        _must(distributor.claimedBy(actors[i]) == granted, "a claim pays up to the leaf");
    }

    /// @dev Activates what is due, and remembers whose leaves count now.
    function _settle() private {
        (bool pending, uint64 epoch) = distributor.pending();
        if (pending) distributor.activate();
        (, bytes32 root,) = distributor.active();
        if (_submitted.length == 0) return;
        bytes32[] memory tree = Merkle.treeOf(actors, _submitted);
        if (root != tree[0]) return;
        _active = _submitted;
        _tree = tree;
        _must(!pending || epoch == _epoch - 1, "epochs in order");
    }
}
