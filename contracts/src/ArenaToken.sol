// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {IArenaToken} from "./interfaces/IArenaToken.sol";

/// @title The arena's token.
/// @notice ERC-20 with permit. The genesis supply is minted at deployment; all that follows is emission, minted by the
/// distributor alone. Nothing burns tokens, so what the supply leaves under the cap only ever shrinks by emission.
/// @dev The owner (a timelock) can do one thing, once: name the distributor.
contract ArenaToken is IArenaToken, ERC20Permit, Ownable {
    /// @inheritdoc IArenaToken
    uint256 public constant CAP = 1e9 ether;

    /// @inheritdoc IArenaToken
    address public distributor;

    /// @notice Mints the genesis supply.
    /// @param admin who may name the distributor: a timelock
    /// @param genesisHolder who receives the genesis supply
    /// @param genesisSupply how much that is, in wei
    constructor(address admin, address genesisHolder, uint256 genesisSupply)
        ERC20("Arena", "ARENA")
        ERC20Permit("Arena")
        Ownable(admin)
    {
        if (genesisSupply > CAP) revert CapExceeded(genesisSupply, CAP);
        if (genesisSupply != 0) _mint(genesisHolder, genesisSupply);
    }

    /// @inheritdoc IArenaToken
    function setDistributor(address distributor_) external onlyOwner {
        if (distributor_ == address(0)) revert ZeroAddress();
        if (distributor != address(0)) revert DistributorAlreadySet();
        distributor = distributor_;
        emit DistributorSet(distributor_);
    }

    /// @inheritdoc IArenaToken
    function mint(address to, uint256 amount) external {
        if (msg.sender != distributor) revert NotDistributor(msg.sender);
        uint256 left = CAP - totalSupply();
        if (amount > left) revert CapExceeded(amount, left);
        _mint(to, amount);
    }
}
