// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ArenaToken} from "../src/ArenaToken.sol";
import {IArenaToken} from "../src/interfaces/IArenaToken.sol";
import {Test} from "./foundry/Test.sol";

/// @title Follows ArenaToken.tree.
contract ArenaTokenTest is Test {
    uint256 private constant CAP = 1e9 ether;
    address private _admin = named("admin");
    address private _holder = named("genesis holder");
    address private _distributor = named("distributor");
    address private _other = named("other");
    ArenaToken private _token;

    function setUp() external {
        _token = new ArenaToken(_admin, _holder, 1000 ether);
    }

    function test_ConstructorRevertWhen_TheGenesisSupplyIsAboveTheCap() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaToken.CapExceeded.selector, CAP + 1, CAP));
        new ArenaToken(_admin, _holder, CAP + 1);
    }

    function test_ConstructorRevertWhen_TheAdminIsZero() external {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableInvalidOwner.selector, address(0)));
        new ArenaToken(address(0), _holder, 1);
    }

    function test_ConstructorWhenTheGenesisSupplyIsZero() external {
        assertEq(new ArenaToken(_admin, address(0), 0).totalSupply(), 0);
    }

    function test_ConstructorWhenTheGenesisSupplyIsTheCap() external {
        assertEq(new ArenaToken(_admin, _holder, CAP).balanceOf(_holder), CAP);
    }

    function test_SetDistributorRevertWhen_TheCallerIsNotTheAdmin() external {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, _other));
        vm.prank(_other);
        _token.setDistributor(_other);
    }

    function test_SetDistributorRevertWhen_TheDistributorIsZero() external {
        vm.expectRevert(IArenaToken.ZeroAddress.selector);
        vm.prank(_admin);
        _token.setDistributor(address(0));
    }

    function test_SetDistributorRevertGiven_ADistributorWasNamed() external {
        _name();
        vm.expectRevert(IArenaToken.DistributorAlreadySet.selector);
        vm.prank(_admin);
        _token.setDistributor(_other);
    }

    function test_SetDistributorWhenTheAdminNamesOne() external {
        vm.expectEmit(address(_token));
        emit IArenaToken.DistributorSet(_distributor);
        _name();
        assertEq(_token.distributor(), _distributor);
    }

    function test_MintRevertWhen_TheCallerIsNotTheDistributor() external {
        _name();
        vm.expectRevert(abi.encodeWithSelector(IArenaToken.NotDistributor.selector, _admin));
        vm.prank(_admin);
        _token.mint(_admin, 1);
    }

    function test_MintRevertGiven_NoDistributorWasNamed() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaToken.NotDistributor.selector, _distributor));
        vm.prank(_distributor);
        _token.mint(_admin, 1);
    }

    function test_MintRevertWhen_TheAmountIsAboveWhatTheCapLeaves() external {
        _name();
        uint256 left = CAP - 1000 ether;
        vm.expectRevert(abi.encodeWithSelector(IArenaToken.CapExceeded.selector, left + 1, left));
        vm.prank(_distributor);
        _token.mint(_other, left + 1);
    }

    function test_MintWhenTheAmountIsAllThatTheCapLeaves() external {
        _name();
        vm.prank(_distributor);
        _token.mint(_other, CAP - 1000 ether);
        assertEq(_token.totalSupply(), CAP);
        assertEq(_token.balanceOf(_other), CAP - 1000 ether);
    }

    function test_PermitWhenTheOwnerSigns() external {
        (address owner, uint256 key) = keyOf("signer");
        bytes32 permit = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                _other,
                5,
                0,
                block.timestamp
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _token.DOMAIN_SEPARATOR(), permit));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        _token.permit(owner, _other, 5, block.timestamp, v, r, s);
        assertEq(_token.allowance(owner, _other), 5);
    }

    function testFuzz_NothingBreaksTheCap(uint256 genesis, uint256[8] calldata mints) external {
        ArenaToken token = new ArenaToken(_admin, _holder, bound(genesis, 0, CAP));
        vm.prank(_admin);
        token.setDistributor(_distributor);
        for (uint256 i = 0; i < mints.length; i++) {
            vm.prank(_distributor);
            try token.mint(_other, mints[i] >> (i * 16)) {} catch {}
            assertLe(token.totalSupply(), CAP, "supply");
        }
    }

    function _name() private {
        vm.prank(_admin);
        _token.setDistributor(_distributor);
    }
}
