// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Vm} from "./Vm.sol";

/// @title What handlers of invariants need too: the cheatcodes, and numbers brought into a range.
abstract contract Cheats {
    /// @dev Forge answers cheatcodes at this address.
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev Brings a fuzzed number into [min, max]; numbers within stay what they are, and the two ends come up often.
    function bound(uint256 x, uint256 min, uint256 max) internal pure returns (uint256) {
        require(min <= max, "bound: empty range");
        if (x >= min && x <= max) return x;
        uint256 size = max - min;
        if (size == type(uint256).max) return x;
        if (x > type(uint256).max - 4) return max - (type(uint256).max - x) % (size + 1);
        return min + x % (size + 1);
    }

    /// @dev An account of a name: its address and its key.
    function keyOf(string memory name) internal pure returns (address account, uint256 key) {
        key = uint256(keccak256(bytes(name)));
        account = vm.addr(key);
    }

    /// @dev The address of a name, with the name in traces.
    function named(string memory name) internal returns (address account) {
        (account,) = keyOf(name);
        vm.label(account, name);
    }

    /// @dev Time passes. The time is asked of forge: the optimiser may move `block.timestamp` across a warp.
    function skip(uint256 time) internal {
        vm.warp(vm.getBlockTimestamp() + time);
    }
}

/// @title The test contract of forge, as much of it as our tests need.
/// @notice Assertions revert by themselves. Forge reads the lists of targets through the functions at the end.
abstract contract Test is Cheats {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    address[] private _contracts;
    address[] private _senders;
    FuzzSelector[] private _selectors;

    /// @dev Invariant runs call this contract.
    function targetContract(address target) internal {
        _contracts.push(target);
    }

    /// @dev Of this contract, invariant runs call these functions only.
    function targetSelector(address target, bytes4[] memory selectors) internal {
        _selectors.push(FuzzSelector(target, selectors));
    }

    /// @dev Invariant runs call as this account.
    function targetSender(address sender) internal {
        _senders.push(sender);
    }

    function assertTrue(bool condition, string memory what) internal pure {
        vm.assertTrue(condition, what);
    }

    function assertTrue(bool condition) internal pure {
        vm.assertTrue(condition, "");
    }

    function assertFalse(bool condition) internal pure {
        vm.assertTrue(!condition, "");
    }

    function assertFalse(bool condition, string memory what) internal pure {
        vm.assertTrue(!condition, what);
    }

    function assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        vm.assertEq(actual, expected, what);
    }

    function assertEq(uint256 actual, uint256 expected) internal pure {
        vm.assertEq(actual, expected, "");
    }

    function assertEq(int256 actual, int256 expected) internal pure {
        vm.assertEq(actual, expected, "");
    }

    function assertEq(bool actual, bool expected) internal pure {
        vm.assertEq(actual, expected, "");
    }

    function assertEq(address actual, address expected) internal pure {
        vm.assertEq(actual, expected, "");
    }

    function assertEq(bytes32 actual, bytes32 expected, string memory what) internal pure {
        vm.assertEq(actual, expected, what);
    }

    function assertEq(bytes32 actual, bytes32 expected) internal pure {
        vm.assertEq(actual, expected, "");
    }

    function assertEq(string memory actual, string memory expected) internal pure {
        vm.assertEq(actual, expected, "");
    }

    function assertEq(bytes memory actual, bytes memory expected) internal pure {
        vm.assertEq(actual, expected, "");
    }

    function assertGt(uint256 a, uint256 b, string memory what) internal pure {
        vm.assertGt(a, b, what);
    }

    function assertGe(uint256 a, uint256 b, string memory what) internal pure {
        vm.assertGe(a, b, what);
    }

    function assertLt(uint256 a, uint256 b, string memory what) internal pure {
        vm.assertLt(a, b, what);
    }

    function assertLe(uint256 a, uint256 b, string memory what) internal pure {
        vm.assertLe(a, b, what);
    }

    function targetContracts() public view returns (address[] memory) {
        return _contracts;
    }

    function targetSenders() public view returns (address[] memory) {
        return _senders;
    }

    function targetSelectors() public view returns (FuzzSelector[] memory) {
        return _selectors;
    }
}
