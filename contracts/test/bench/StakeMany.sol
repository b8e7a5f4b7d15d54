// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

interface IToken {
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface IEscrow {
    function lock(uint128 amount, uint32 periods) external returns (uint64 id);
}

interface IStaking {
    function stake(uint8 program, uint64 task, uint8 role, uint128 amount) external;
}

/// @title One account of many, with a lock of its own.
contract Staker {
    address private immutable OWNER;
    IStaking private immutable STAKING;

    /// @notice Is sent `amount` tokens by its maker before it opens.
    constructor(IStaking staking) {
        OWNER = msg.sender;
        STAKING = staking;
    }

    function open(IToken token, address escrow, uint128 amount) external {
        require(msg.sender == OWNER);
        token.approve(escrow, amount);
        IEscrow(escrow).lock(amount, 1);
        IToken(escrow).approve(address(STAKING), type(uint256).max);
    }

    function stake(uint64 task, uint128 amount, uint256 times) external {
        require(msg.sender == OWNER);
        for (uint256 i = 0; i < times; i++) {
            STAKING.stake(0, task, 0, amount);
        }
    }
}

/// @title Makes tens of thousands of real staking events in a few hundred transactions, for `npm run bench -- index`.
contract StakeMany {
    IToken private immutable TOKEN;
    address private immutable ESCROW;
    IStaking private immutable STAKING;
    Staker[] private _stakers;

    constructor(IToken token, address escrow, IStaking staking) {
        (TOKEN, ESCROW, STAKING) = (token, escrow, staking);
    }

    /// @notice Makes accounts that lock `amount` of the caller's tokens each.
    function open(uint256 count, uint128 amount) external {
        for (uint256 i = 0; i < count; i++) {
            Staker staker = new Staker(STAKING);
            TOKEN.transferFrom(msg.sender, address(staker), amount);
            staker.open(TOKEN, ESCROW, amount);
            _stakers.push(staker);
        }
    }

    /// @notice Lets accounts `from` … `from + count - 1` stake `times` times each.
    function stake(uint64 task, uint256 from, uint256 count, uint128 amount, uint256 times) external {
        for (uint256 i = from; i < from + count; i++) {
            _stakers[i].stake(task, amount, times);
        }
    }
}
