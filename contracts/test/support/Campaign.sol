// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "../foundry/Test.sol";

/// @title What says that a handler is worth its invariants.
interface IReached {
    /// @dev How often a path was gone.
    function done(string calldata path) external view returns (uint256);
}

/// @title Invariants by a handler whose interesting paths are shown to be reached.
/// @notice A campaign of forge is many short runs, each of which may miss a rare path. One long walk, the same every
/// time, must not miss any; and no run of forge's may idle.
abstract contract Campaign is Test {
    address private _handler;
    bytes4[] private _calls;
    string[] private _paths;

    /// @dev Invariant runs make these calls; all of their arguments must be full words, so that any word decodes.
    function _campaign(address handler, bytes4[] memory calls, string[] memory paths) internal {
        (_handler, _calls, _paths) = (handler, calls, paths);
        targetContract(handler);
        targetSelector(handler, calls);
    }

    /// @dev Called after each run.
    function _checkReached() internal view {
        uint256 reached;
        for (uint256 i = 0; i < _paths.length; i++) {
            if (IReached(_handler).done(_paths[i]) != 0) reached++;
        }
        assertGe(reached * 2, _paths.length, "paths reached");
    }

    /// @dev Makes so many calls, in an order and with words that are the same every time.
    function _walk(uint256 steps) internal {
        for (uint256 i = 0; i < steps; i++) {
            uint256 word = uint256(keccak256(abi.encode("walk", i)));
            uint256[5] memory more;
            for (uint256 j = 0; j < 5; j++) {
                more[j] = uint256(keccak256(abi.encode(word, j)));
            }
            (bool ok,) = _handler.call(abi.encodePacked(_calls[word % _calls.length], abi.encode(more[4], more)));
            assertTrue(ok, "a handler stumbled");
        }
        for (uint256 i = 0; i < _paths.length; i++) {
            assertGt(IReached(_handler).done(_paths[i]), 0, _paths[i]);
        }
    }
}
