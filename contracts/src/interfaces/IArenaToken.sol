// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The arena's token: ERC-20 with permit, capped, minted by nobody but the reward distributor.
interface IArenaToken {
    /// @notice The cap on the supply would be broken.
    /// @param asked what was to be minted
    /// @param left what the cap leaves
    error CapExceeded(uint256 asked, uint256 left);
    /// @notice The distributor can be named once.
    error DistributorAlreadySet();
    /// @notice An address that must not be zero is.
    error ZeroAddress();
    /// @notice Only the distributor mints.
    /// @param caller who tried to
    error NotDistributor(address caller);

    /// @notice The one contract that may mint was named.
    /// @param distributor that contract
    event DistributorSet(address indexed distributor);

    /// @notice The largest supply there can ever be: 1e9 tokens.
    function CAP() external view returns (uint256);

    /// @notice The one contract that may mint.
    function distributor() external view returns (address);

    /// @notice Names the distributor, once; by the admin.
    /// @param distributor_ the one contract that may mint from now on
    function setDistributor(address distributor_) external;

    /// @notice Mints emission; by the distributor, which holds to its schedule.
    /// @param to who receives it
    /// @param amount how much, in wei
    function mint(address to, uint256 amount) external;
}
