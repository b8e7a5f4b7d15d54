// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IVoteEscrow} from "../../src/interfaces/IVoteEscrow.sol";

/// @title The least that a contract which holds gm tokens can be: what staking does with the escrow, without its rules.
contract GmHolder {
    IVoteEscrow private immutable _ESCROW;

    constructor(IVoteEscrow escrow) {
        _ESCROW = escrow;
    }

    function take(address account, uint256 gm) external {
        IERC20(address(_ESCROW)).transferFrom(account, address(this), gm);
    }

    function giveTo(address account, uint256 gm) external {
        IERC20(address(_ESCROW)).transfer(account, gm);
    }

    function slash(address account, uint256 gm) external returns (uint256) {
        return _ESCROW.slash(account, gm);
    }
}
