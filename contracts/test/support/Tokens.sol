// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A plain token that anybody mints.
contract PlainToken is ERC20("Plain", "PLN") {
    uint256 public constant CAP = type(uint256).max;

    function mint(address to, uint256 amount) external virtual {
        _mint(to, amount);
    }
}

/// @title A token that keeps a hundredth of each transfer.
contract FeeToken is PlainToken {
    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) super._update(to, address(this), value / 100);
    }
}

/// @title A token that calls somebody in the middle of each transfer, as tokens with hooks do.
contract HookToken is PlainToken {
    address private _target;
    bytes private _data;

    function onTransfer(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (_target == address(0)) return;
        (bool ok, bytes memory reason) = _target.call(_data);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
    }
}
